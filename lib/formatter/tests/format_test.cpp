// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
//
// The host's C library is the oracle, wherever ISO C17 leaves no choice.
#include <gtest/gtest.h>
#include <atoll/formatter.hpp>

#include <cerrno>
#include <climits>
#include <cmath>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <random>
#include <string>

namespace {

using atl::formatter::Output;

struct Text : Output {
  Text() : Output{&append} {}
  static bool append(Output& self, const char* text, std::size_t size) {
    static_cast<Text&>(self).text.append(text, size);
    return true;
  }
  std::string text;
};

std::string formatted(const char* format, ...) {
  Text output;
  std::va_list arguments;
  va_start(arguments, format);
  const int count = atl::formatter::format(output, format, arguments);
  va_end(arguments);
  EXPECT_EQ(count, static_cast<int>(output.text.size())) << format;
  return output.text;
}

int result_of(const char* format, ...) {
  Text output;
  std::va_list arguments;
  va_start(arguments, format);
  const int count = atl::formatter::format(output, format, arguments);
  va_end(arguments);
  return count;
}

template <typename... T>
void same(const char* format, T... values) {
  static char expected[40000];
  std::snprintf(expected, sizeof expected, format, values...);
  ASSERT_EQ(formatted(format, values...), expected) << format;
}

const char* const kFlags[] = {"", "-", "+", " ", "#", "0", "-#", "0+", "# ", "0#"};
const char* const kWidths[] = {"", "1", "12", "30"};
const char* const kPrecisions[] = {"", ".", ".0", ".1", ".5", ".17", ".40"};

TEST(Format, IntegersOfEveryLengthFlagWidthAndPrecision) {
  const long values[] = {0,    1,     -1,         7,           8,        255,
                         -128, 32767, 2147483647, -2147483648, LONG_MAX, LONG_MIN};
  for (const char* flags : kFlags)
    for (const char* width : kWidths)
      for (const char* precision : kPrecisions)
        for (const char* length : {"hh", "h", "", "l", "ll", "j", "z", "t"})
          for (const char kind : std::string("dioxXu"))
            for (const long value : values) {
              const std::string format =
                  std::string("%") + flags + width + precision + length + kind;
              same(format.c_str(), value);
            }
}

TEST(Format, FloatingPointOfEveryFlagWidthAndPrecision) {
  const double values[] = {0.0,
                           -0.0,
                           1.0,
                           0.5,
                           1.5,
                           2.5,
                           0.1,
                           123456.789,
                           999999.5,
                           1e10,
                           1e22,
                           1e23,
                           1e-5,
                           0.0001,
                           HUGE_VAL,
                           -HUGE_VAL,
                           NAN,
                           3.14159,
                           1e100,
                           9.9999995,
                           0.7,
                           1.7976931348623157e308,
                           2.2250738585072014e-308};
  for (const char* flags : kFlags)
    for (const char* width : kWidths)
      for (const char* precision : kPrecisions)
        for (const char kind : std::string("aAeEfFgG"))
          for (const double value : values) {
            // glibc's %#g loses the zeros where rounding carries into a new digit.
            const bool carries = value == 999999.5 || value == 9.9999995;
            if (carries && std::strchr(flags, '#') != nullptr && (kind | 0x20) == 'g') continue;
            const std::string start = std::string("%") + flags + width + precision;
            same((start + kind).c_str(), value);
            if (kind != 'a' && kind != 'A')
              same((start + "L" + kind).c_str(), static_cast<long double>(value) * 1.1L);
          }
}

TEST(Format, SmallestNumbers) {
  for (const char* format : {"%e", "%f", "%g", "%.20e", "%.1074f", "%.1100g"}) same(format, 5e-324);
  same("%.30Le", 3.6e-4951L);
  EXPECT_EQ(formatted("%a", 5e-324), "0x1p-1074");  // its first digit is unspecified
}

TEST(Format, RandomBitsAsDouble) {
  std::mt19937_64 random(20);
  for (int i = 0; i < 60000; ++i) {
    const std::uint64_t bits = random();
    double value;
    std::memcpy(&value, &bits, sizeof value);
    if ((bits >> 52 & 0x7ff) == 0) continue;
    const char format[] = {'%', '.', static_cast<char>('0' + random() % 10), '0', "efgaEFGA"[i % 8],
                           0};
    same(format, value);
  }
}

TEST(Format, TextAndCharacters) {
  for (const char* width : kWidths)
    for (const char* precision : kPrecisions) {
      const std::string rest = std::string(width) + precision;
      same(("%" + rest + "s|%-" + rest + "s").c_str(), "hello", "w");
      same(("%" + rest + "ls").c_str(), L"wide");
    }
  same("%c%5c|%-5c|%lc", 'a', 'b', 'c', static_cast<std::wint_t>(L'd'));
}

TEST(Format, StarsTakeArguments) {
  same("%*d|%-*d|%.*f|%*d|%.*d", 5, 3, 6, 4, 1, 2.5, -7, 9, -1, 12);
}

TEST(Format, CountsSoFar) {
  signed char small = 0;
  long long large = 0;
  EXPECT_EQ(formatted("abc%hhndef%lln", &small, &large), "abcdef");
  EXPECT_EQ(small, 3);
  EXPECT_EQ(large, 6);
}

TEST(Format, PrecisionBoundsWhatIsRead) {
  const char unended[] = {'a', 'b', 'c'};
  EXPECT_EQ(formatted("%.3s", static_cast<const char*>(unended)), "abc");
}

TEST(Format, WhatDoesNotExistFails) {
  errno = 0;
  EXPECT_EQ(result_of("%1$d", 1), -1);
  EXPECT_EQ(errno, EINVAL);
  EXPECT_EQ(result_of("%y", 1), -1);
  EXPECT_EQ(result_of("%"), -1);
}

TEST(Format, MoreThanAnIntCanCountFails) {
  struct Nothing : Output {
    Nothing() : Output{[](Output&, const char*, std::size_t) { return true; }} {}
  };
  errno = 0;
  EXPECT_EQ(result_of("%2147483648d", 1), -1);
  EXPECT_EQ(errno, EOVERFLOW);
}

TEST(Format, ARefusingOutputEndsTheCall) {
  struct Full : Output {
    Full() : Output{[](Output&, const char*, std::size_t) { return false; }} {}
  } full;
  const auto call = [&full](const char* format, ...) {
    std::va_list arguments;
    va_start(arguments, format);
    const int count = atl::formatter::format(full, format, arguments);
    va_end(arguments);
    return count;
  };
  EXPECT_EQ(call("%1000000d", 1), -1);
}

}  // namespace
