// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <bit>

#include "decimal.hpp"
#include "writer.hpp"

namespace atl::formatter {

namespace {

bool is_upper(char conversion) { return conversion <= 'Z'; }

char lower(char conversion) { return static_cast<char>(conversion | 0x20); }

// What stands before a number's digits, of which there are `size` bytes; the size
// of the field that Writer::after() is told.
std::int64_t open_field(Writer& writer, const Specification& how, bool negative, std::int64_t size,
                        bool zeros, const char* prefix) {
  const char sign = sign_of(how, negative);
  std::int64_t whole = size + (sign != 0 ? 1 : 0);
  for (const char* at = prefix; *at != 0; ++at) ++whole;
  const bool fill = zeros && how.zero && !how.left;
  if (!fill) writer.before(how, whole);
  if (sign != 0) writer.put(sign);
  for (const char* at = prefix; *at != 0; ++at) writer.put(*at);
  if (fill) writer.pad('0', how.width - whole);
  return whole;
}

void write_special(Writer& writer, const Specification& how, const Binary& value) {
  const bool infinite = value.kind == Binary::Kind::kInfinite;
  const char* text = infinite ? (is_upper(how.conversion) ? "INF" : "inf")
                              : (is_upper(how.conversion) ? "NAN" : "nan");
  const std::int64_t whole = open_field(writer, how, value.negative, 3, false, "");
  writer.put(text, 3);
  writer.after(how, whole);
}

void put_digits(Writer& writer, const Decimal& number, int from, int down_to) {
  for (int place = from; place >= down_to && writer.ok(); --place)
    writer.put(static_cast<char>('0' + number.digit(place)));
}

int decimal_length(unsigned value) {
  int length = 1;
  for (; value >= 10; value /= 10) ++length;
  return length;
}

void put_exponent(Writer& writer, char letter, int exponent, int least) {
  writer.put(letter);
  writer.put(exponent < 0 ? '-' : '+');
  const auto magnitude = static_cast<unsigned>(exponent < 0 ? -exponent : exponent);
  writer.pad('0', least - decimal_length(magnitude));
  Specification plain;
  plain.conversion = 'u';
  write_integer(writer, plain, magnitude, false);
}

int exponent_length(int exponent, int least) {
  const int digits = decimal_length(static_cast<unsigned>(exponent < 0 ? -exponent : exponent));
  return 2 + (digits < least ? least : digits);
}

// 7.21.6.1p8, f: [-]ddd.ddd with `precision` digits behind the point.
void write_fixed(Writer& writer, const Specification& how, const Decimal& number, bool negative,
                 int precision) {
  const int first = number.top() > 0 ? number.top() : 0;
  const bool point = precision > 0 || how.alternate;
  const std::int64_t size = std::int64_t{first} + 1 + (point ? 1 : 0) + precision;
  const std::int64_t whole = open_field(writer, how, negative, size, true, "");
  put_digits(writer, number, first, 0);
  if (point) writer.put('.');
  put_digits(writer, number, -1, -precision);
  writer.after(how, whole);
}

// e: [-]d.ddde±dd with `precision` digits behind the point.
void write_exponential(Writer& writer, const Specification& how, const Decimal& number,
                       bool negative, int precision) {
  const int exponent = number.top();
  const bool point = precision > 0 || how.alternate;
  const std::int64_t size =
      std::int64_t{1} + (point ? 1 : 0) + precision + exponent_length(exponent, 2);
  const std::int64_t whole = open_field(writer, how, negative, size, true, "");
  put_digits(writer, number, exponent, exponent);
  if (point) writer.put('.');
  put_digits(writer, number, exponent - 1, exponent - precision);
  put_exponent(writer, is_upper(how.conversion) ? 'E' : 'e', exponent, 2);
  writer.after(how, whole);
}

// g: f or e by the exponent that e would show, without trailing zeros.
void write_general(Writer& writer, const Specification& how, Decimal& number, bool negative) {
  const int significant = how.precision < 0 ? 6 : how.precision == 0 ? 1 : how.precision;
  number.round(number.top() - significant + 1);
  const int exponent = number.top();
  const bool fixed = exponent >= -4 && exponent < significant;
  int precision = fixed ? significant - 1 - exponent : significant - 1;
  if (!how.alternate) {
    const int last = number.bottom();
    const int needed = fixed ? -last : exponent - last;
    if (precision > needed) precision = needed > 0 ? needed : 0;
  }
  if (fixed) {
    write_fixed(writer, how, number, negative, precision);
  } else {
    write_exponential(writer, how, number, negative, precision);
  }
}

// a: [-]0xh.hhhp±d, the leading digit 1 unless the number is 0.
void write_hexadecimal(Writer& writer, const Specification& how, Binary value) {
  constexpr int kNibbles = 31;  // behind the point, when the leading 1 is bit 124
  int exponent = 0;
  if (value.mantissa != 0) {
    const auto high = static_cast<std::uint64_t>(value.mantissa >> 64);
    const int leading = high != 0
                            ? 127 - std::countl_zero(high)
                            : 63 - std::countl_zero(static_cast<std::uint64_t>(value.mantissa));
    exponent = value.exponent + leading;
    value.mantissa <<= 124 - leading;
  }
  int precision = how.precision;
  if (precision >= 0 && precision < kNibbles) {
    const int dropped = 4 * (kNibbles - precision);
    const unsigned __int128 unit = static_cast<unsigned __int128>(1) << dropped;
    const unsigned __int128 rest = value.mantissa & (unit - 1);
    value.mantissa -= rest;
    if (rest > unit / 2 || (rest == unit / 2 && (value.mantissa & unit) != 0))
      value.mantissa += unit;
  }
  if (precision < 0) {
    precision = kNibbles;
    for (unsigned __int128 rest = value.mantissa; precision > 0 && (rest & 15) == 0; rest >>= 4)
      --precision;
  }
  const bool upper = is_upper(how.conversion);
  const bool point = precision > 0 || how.alternate;
  const std::int64_t size =
      std::int64_t{1} + (point ? 1 : 0) + precision + exponent_length(exponent, 1);
  const std::int64_t whole =
      open_field(writer, how, value.negative, size, true, upper ? "0X" : "0x");
  const char* const letters = upper ? "0123456789ABCDEF" : "0123456789abcdef";
  for (int i = 0; i <= precision && writer.ok(); ++i) {
    const int shift = 124 - 4 * i;
    writer.put(shift >= 0 ? letters[static_cast<unsigned>(value.mantissa >> shift) & 15] : '0');
    if (i == 0 && point) writer.put('.');
  }
  put_exponent(writer, upper ? 'P' : 'p', exponent, 1);
  writer.after(how, whole);
}

void write_decimal(Writer& writer, const Specification& how, const Binary& value,
                   std::span<std::uint32_t> storage) {
  Decimal number(value, storage);
  const int precision = how.precision < 0 ? 6 : how.precision;
  switch (lower(how.conversion)) {
    case 'f':
      number.round(-precision);
      write_fixed(writer, how, number, value.negative, precision);
      break;
    case 'e':
      number.round(number.top() - precision);
      write_exponential(writer, how, number, value.negative, precision);
      break;
    default:
      write_general(writer, how, number, value.negative);
  }
}

// True where no expansion is needed.
bool write_without_expansion(Writer& writer, const Specification& how, const Binary& value) {
  if (value.kind != Binary::Kind::kFinite) {
    write_special(writer, how, value);
    return true;
  }
  if (lower(how.conversion) == 'a') {
    write_hexadecimal(writer, how, value);
    return true;
  }
  return false;
}

}  // namespace

// Two functions, so that only a long double pays for the long double's storage.
[[gnu::noinline]] void write_double(Writer& writer, const Specification& how, double value) {
  const Binary binary = take_apart(value);
  if (write_without_expansion(writer, how, binary)) return;
  std::uint32_t storage[Decimal::kDoubleWords];
  write_decimal(writer, how, binary, storage);
}

[[gnu::noinline]] void write_long_double(Writer& writer, const Specification& how,
                                         long double value) {
  const Binary binary = take_apart(value);
  if (write_without_expansion(writer, how, binary)) return;
  std::uint32_t storage[Decimal::kLongDoubleWords];
  write_decimal(writer, how, binary, storage);
}

}  // namespace atl::formatter
