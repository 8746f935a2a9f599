// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/formatter.hpp>

#include <cctype>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <cwchar>

#include "reader.hpp"
#include "specification.hpp"

namespace atl::formatter {

void Reader::skip_space() {
  while (peek() >= 0 && std::isspace(peek()) != 0) take();
}

namespace {

// One conversion of a scanf format: %[*][width][length]x.
struct Conversion {
  bool suppress = false;
  std::int64_t width = 0;  // 0: not given
  Length length = Length::kNone;
  char kind = 0;

  [[nodiscard]] std::int64_t width_or(std::int64_t other) const {
    return width != 0 ? width : other;
  }
};

Conversion parse_conversion(const char*& at) {
  Conversion result;
  if (*at == '*') {
    result.suppress = true;
    ++at;
  }
  while (*at >= '0' && *at <= '9') {
    if (result.width < INT_MAX) result.width = result.width * 10 + (*at - '0');
    ++at;
  }
  result.length = parse_length(at);
  result.kind = *at;
  if (*at != 0) ++at;
  return result;
}

void store_integer(Arguments& arguments, Length length, std::uintmax_t value) {
  switch (length) {
    case Length::kChar:
      *va_arg(arguments.list, unsigned char*) = static_cast<unsigned char>(value);
      break;
    case Length::kShort:
      *va_arg(arguments.list, unsigned short*) = static_cast<unsigned short>(value);
      break;
    case Length::kNone:
      *va_arg(arguments.list, unsigned*) = static_cast<unsigned>(value);
      break;
    default:
      *va_arg(arguments.list, std::uintmax_t*) = value;  // all of 64 bits
  }
}

// Out of range is undefined (7.21.6.2p10); here it is what strtol() gives.
std::uintmax_t signed_value(const ScannedInteger& number) {
  constexpr std::uintmax_t kMost = INTMAX_MAX;
  if (number.overflow || number.magnitude > kMost + (number.negative ? 1 : 0))
    return number.negative ? kMost + 1 : kMost;
  return number.negative ? 0 - number.magnitude : number.magnitude;
}

Scanned convert_integer(Reader& reader, const Conversion& how, Arguments& arguments) {
  const bool is_signed = how.kind == 'd' || how.kind == 'i';
  const int base = how.kind == 'i'                      ? 0
                   : how.kind == 'o'                    ? 8
                   : how.kind == 'd' || how.kind == 'u' ? 10
                                                        : 16;
  reader.skip_space();
  const ScannedInteger number = scan_integer(reader, base, how.width_or(INT64_MAX));
  if (number.outcome != Scanned::kDone || how.suppress) return number.outcome;
  std::uintmax_t value = number.overflow   ? UINTMAX_MAX
                         : number.negative ? 0 - number.magnitude
                                           : number.magnitude;
  if (is_signed) value = signed_value(number);
  store_integer(arguments, how.kind == 'p' ? Length::kMax : how.length, value);
  return Scanned::kDone;
}

Scanned convert_floating(Reader& reader, const Conversion& how, Arguments& arguments) {
  char text[800];
  reader.skip_space();
  const Scanned outcome = scan_floating(reader, how.width_or(INT64_MAX), text, sizeof text);
  if (outcome != Scanned::kDone || how.suppress) return outcome;
  switch (how.length) {
    case Length::kLong:
      *va_arg(arguments.list, double*) = std::strtod(text, nullptr);
      break;
    case Length::kLongDouble:
      *va_arg(arguments.list, long double*) = std::strtold(text, nullptr);
      break;
    default:
      *va_arg(arguments.list, float*) = std::strtof(text, nullptr);
  }
  return Scanned::kDone;
}

// The set of a %[...] conversion, one bit per character.
class CharacterSet {
 public:
  void add_all_but_space() {
    for (int c = 0; c < 256; ++c)
      if (std::isspace(c) == 0) add(c);
  }

  // Reads `[^]a-z]` behind its [ and moves on behind its ]; false without one.
  bool parse(const char*& at) {
    const bool inverted = *at == '^';
    if (inverted) ++at;
    const char* const first = at;
    for (; *at != ']' || at == first; ++at) {
      if (*at == 0) return false;
      const int low = static_cast<unsigned char>(*at);
      int high = low;
      if (at[1] == '-' && at[2] != ']' && at[2] != 0) {
        high = static_cast<unsigned char>(at[2]);
        at += 2;
      }
      for (int c = low; c <= high; ++c) add(c);
    }
    ++at;
    if (inverted)
      for (unsigned char& byte : bits_) byte = static_cast<unsigned char>(~byte);
    return true;
  }

  [[nodiscard]] bool has(int c) const { return c >= 0 && (bits_[c / 8] >> (c % 8) & 1) != 0; }

 private:
  void add(int c) { bits_[c / 8] = static_cast<unsigned char>(bits_[c / 8] | 1 << (c % 8)); }

  unsigned char bits_[32] = {};
};

// Where c, s and [ put their characters: bytes, or wide characters with l.
class Destination {
 public:
  Destination(const Conversion& how, Arguments& arguments) : wide_(how.length == Length::kLong) {
    if (how.suppress) return;
    if (wide_) {
      wide_at_ = va_arg(arguments.list, wchar_t*);
    } else {
      at_ = va_arg(arguments.list, char*);
    }
  }

  // False for bytes that are no multibyte character.
  bool put(int character) {
    const char byte = static_cast<char>(character);
    if (!wide_) {
      if (at_ != nullptr) *at_++ = byte;
      return true;
    }
    wchar_t wide;
    const std::size_t size = std::mbrtowc(&wide, &byte, 1, &state_);
    if (size == static_cast<std::size_t>(-1)) return false;
    if (size == static_cast<std::size_t>(-2)) {
      whole_ = false;
      return true;
    }
    whole_ = true;
    if (wide_at_ != nullptr) *wide_at_++ = wide;
    return true;
  }

  void end() {
    if (at_ != nullptr) *at_ = 0;
    if (wide_at_ != nullptr) *wide_at_ = 0;
  }

  /// Between two characters, not within the bytes of one.
  [[nodiscard]] bool whole() const { return whole_; }

 private:
  bool wide_;
  bool whole_ = true;
  char* at_ = nullptr;
  wchar_t* wide_at_ = nullptr;
  std::mbstate_t state_{};
};

Scanned convert_characters(Reader& reader, const Conversion& how, Arguments& arguments) {
  if (reader.peek() < 0) return Scanned::kEndOfInput;
  Destination to(how, arguments);
  // A width counts characters: with l, wide ones.
  for (std::int64_t left = how.width_or(1); left > 0;) {
    if (reader.peek() < 0 || !to.put(reader.take())) return Scanned::kMismatch;
    if (to.whole()) --left;
  }
  return Scanned::kDone;
}

Scanned convert_set(Reader& reader, const Conversion& how, const CharacterSet& set,
                    Arguments& arguments) {
  if (reader.peek() < 0) return Scanned::kEndOfInput;
  if (!set.has(reader.peek())) return Scanned::kMismatch;
  Destination to(how, arguments);
  for (std::int64_t left = how.width_or(INT64_MAX); left > 0;) {
    if (!set.has(reader.peek())) break;
    if (!to.put(reader.take())) return Scanned::kMismatch;
    if (to.whole()) --left;
  }
  if (!to.whole()) return Scanned::kMismatch;
  to.end();
  return Scanned::kDone;
}

Scanned convert(Reader& reader, const Conversion& how, const char*& format, Arguments& arguments) {
  switch (how.kind) {
    case 'd':
    case 'i':
    case 'o':
    case 'u':
    case 'x':
    case 'X':
    case 'p':
      return convert_integer(reader, how, arguments);
    case 'a':
    case 'A':
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
      return convert_floating(reader, how, arguments);
    case 'c':
      return convert_characters(reader, how, arguments);
    case 's': {
      reader.skip_space();
      CharacterSet set;
      set.add_all_but_space();
      return convert_set(reader, how, set, arguments);
    }
    case '[': {
      CharacterSet set;
      if (!set.parse(format)) return Scanned::kMismatch;
      return convert_set(reader, how, set, arguments);
    }
    case '%':
      reader.skip_space();
      if (reader.peek() < 0) return Scanned::kEndOfInput;
      if (reader.peek() != '%') return Scanned::kMismatch;
      reader.take();
      return Scanned::kDone;
    default:
      return Scanned::kMismatch;
  }
}

}  // namespace

int scan(Input& input, const char* format, std::va_list list) {
  Arguments arguments;
  va_copy(arguments.list, list);
  Reader reader(input);
  int assigned = 0;
  bool converted = false;
  Scanned outcome = Scanned::kDone;
  while (*format != 0 && outcome == Scanned::kDone) {
    if (std::isspace(static_cast<unsigned char>(*format)) != 0) {
      ++format;
      reader.skip_space();
    } else if (*format != '%') {
      const int next = reader.peek();
      if (next == static_cast<unsigned char>(*format)) {
        reader.take();
        ++format;
      } else {
        outcome = next < 0 ? Scanned::kEndOfInput : Scanned::kMismatch;
      }
    } else {
      const Conversion how = parse_conversion(++format);
      if (how.kind == 'n') {
        if (!how.suppress)
          store_integer(arguments, how.length, static_cast<std::uintmax_t>(reader.count()));
        continue;
      }
      outcome = convert(reader, how, format, arguments);
      if (outcome == Scanned::kDone && how.kind != '%') {
        converted = true;
        if (!how.suppress) ++assigned;
      }
    }
  }
  reader.finish();
  va_end(arguments.list);
  return outcome == Scanned::kEndOfInput && !converted ? -1 : assigned;
}

}  // namespace atl::formatter
