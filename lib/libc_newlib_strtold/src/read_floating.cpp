// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "big_integer.hpp"
#include "floating.hpp"

namespace atl::floating {

namespace {

// A number half-way between two of binary128 has at most 11,564 significant
// digits: of those behind, only whether one of them is not 0 can matter.
constexpr int kMostDigits = 11'600;
constexpr int kChunk = 9;  // digits that a word takes at once

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

int digit_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const int letter = c | 0x20;
  return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : 99;
}

// Behind `word` (in small letters) at `at` in any case; null where it is not there.
const char* skip_word(const char* at, const char* word) {
  for (; *word != 0; ++word, ++at)
    if ((*at | 0x20) != *word) return nullptr;
  return at;
}

// Behind the n-char-sequence in parentheses, if there is one.
const char* skip_payload(const char* at) {
  if (*at != '(') return at;
  const char* inner = at + 1;
  for (;; ++inner) {
    const int letter = *inner | 0x20;
    if (!(letter >= 'a' && letter <= 'z') && *inner != '_' && digit_value(*inner) > 9) break;
  }
  return *inner == ')' ? inner + 1 : at;
}

// Gives take() each digit from the first on that is not 0; true means that it
// is part of the collected integer, and `places` becomes the place of the last
// such digit. The end of the digits; null where there are none.
template <typename Take>
const char* read_digits(const char* at, int base, std::int64_t& places, Take take) {
  bool any = false, started = false, fraction = false;
  for (;; ++at) {
    if (*at == '.' && !fraction) {
      fraction = true;
      continue;
    }
    const int digit = digit_value(*at);
    if (digit >= base) return any ? at : nullptr;
    any = true;
    started = started || digit != 0;
    const bool taken = !started || take(static_cast<std::uint32_t>(digit));
    if (fraction && taken) --places;
    if (!fraction && !taken) ++places;
  }
}

// The end of the exponent that `letter` starts, or `at` itself. What is too
// large stays far from every format's and from the end of std::int64_t.
const char* read_exponent(const char* at, char letter, std::int64_t& exponent) {
  constexpr std::int64_t kEnough = 1'000'000'000'000'000'000;
  if ((*at | 0x20) != letter) return at;
  const char* digits = at + 1;
  const bool negative = *digits == '-';
  if (negative || *digits == '+') ++digits;
  if (digit_value(*digits) > 9) return at;
  std::int64_t read = 0;
  for (; digit_value(*digits) <= 9; ++digits)
    if (read < kEnough / 10) read = read * 10 + digit_value(*digits);
  exponent += negative ? -read : read;
  return digits;
}

Number read_hexadecimal(const char* text, const Format& format, const char*& end) {
  Unrounded value;
  std::int64_t places = 0;
  end = read_digits(text, 16, places, [&](std::uint32_t digit) {
    if (value.mantissa >> 116 != 0) {
      value.more = value.more || digit != 0;
      return false;
    }
    value.mantissa = value.mantissa << 4 | digit;
    return true;
  });
  value.exponent = places * 4;
  end = read_exponent(end, 'p', value.exponent);
  return round(value, format);
}

// The decimal digits of a number, up to kMostDigits, as an integer.
class Collected {
 public:
  bool take(std::uint32_t digit) {
    if (digits_ == kMostDigits) {
      more_ = more_ || digit != 0;
      return false;
    }
    ++digits_;
    chunk_ = chunk_ * 10 + digit;
    unit_ *= 10;
    if (digits_ % kChunk == 0) flush();
    return true;
  }

  // digits * 10^exponent, as the first bits of digits * 5^exponent.
  Number scale(std::int64_t exponent, const Format& format) {
    flush();
    if (digits_ == 0) return round({}, format);
    // The number is in [10^(top-1), 10^top): nothing to compute where that is
    // beyond the format, and else a bound of the work.
    const std::int64_t top = digits_ + exponent;
    if (top - 1 > decimal(format.limit)) return round({1, format.limit, false}, format);
    if (top < decimal(format.least_exponent) - 1)
      return round({1, format.least_exponent - 2, false}, format);
    const int power = static_cast<int>(exponent);
    if (power >= 0) {
      integer_.multiply_by_power_of_5(power);
      Unrounded value = integer_.leading();
      value.exponent += power;
      return round(value, format);
    }
    // Shifted so that the quotient has two bits more than the format. The
    // shifted number is no longer than the longest of the digits and of 5^-power
    // with precision and a word: 1,208 words at most.
    const int missing = -power * 2322 / 1000 + 1 + format.precision + 2 - integer_.bit_length();
    const int words = missing > 0 ? (missing + 31) / 32 : 0;
    integer_.shift_left_words(words);
    more_ = integer_.divide_by_power_of_5(-power) || more_;
    Unrounded value = integer_.leading();
    value.exponent += power - words * 32;
    value.more = value.more || more_;
    return round(value, format);
  }

 private:
  // An integer next to binary * log10(2), outside of it.
  static int decimal(int binary) {
    constexpr int kMillionthsOfLog = 301030;
    return static_cast<int>(std::int64_t{binary} * kMillionthsOfLog / 1'000'000) +
           (binary < 0 ? -1 : 1);
  }

  void flush() {
    integer_.multiply_add(unit_, chunk_);
    chunk_ = 0;
    unit_ = 1;
  }

  BigInteger integer_;
  std::uint32_t chunk_ = 0;  // digits that are not yet part of the integer
  std::uint32_t unit_ = 1;   // 10^(their number)
  int digits_ = 0;
  bool more_ = false;  // a digit that was not taken is not 0
};

Number read_decimal(const char* text, const Format& format, const char*& end) {
  Collected collected;
  std::int64_t exponent = 0;
  end = read_digits(text, 10, exponent, [&](std::uint32_t digit) { return collected.take(digit); });
  if (end == nullptr) return {};
  end = read_exponent(end, 'e', exponent);
  return collected.scale(exponent, format);
}

bool is_hexadecimal(const char* at) {
  if (at[0] != '0' || (at[1] | 0x20) != 'x') return false;
  return digit_value(at[2]) < 16 || (at[2] == '.' && digit_value(at[3]) < 16);
}

Number read_unsigned(const char* text, const Format& format, const char*& end) {
  end = skip_word(text, "inf");
  if (end != nullptr) {
    const char* const whole = skip_word(end, "inity");
    if (whole != nullptr) end = whole;
    return {.kind = Number::Kind::kInfinite};
  }
  end = skip_word(text, "nan");
  if (end != nullptr) {
    end = skip_payload(end);
    return {.kind = Number::Kind::kNotANumber};
  }
  if (is_hexadecimal(text)) return read_hexadecimal(text + 2, format, end);
  return read_decimal(text, format, end);
}

}  // namespace

Number read(const char* text, const Format& format, const char*& end) {
  const char* at = text;
  while (is_space(*at)) ++at;
  const bool negative = *at == '-';
  if (negative || *at == '+') ++at;
  Number result = read_unsigned(at, format, end);
  if (end == nullptr) {
    end = text;
    return {};
  }
  result.negative = negative;
  return result;
}

}  // namespace atl::floating
