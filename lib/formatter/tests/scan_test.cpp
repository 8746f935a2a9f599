// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
//
// The host's C library is the oracle, but where it accepts a prefix of a number
// that is no number ("0x", "1e"), which 7.21.6.2p10 makes a matching failure.
#include <gtest/gtest.h>
#include <atoll/formatter.hpp>

#include <array>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <string>

namespace {

using atl::formatter::Input;

struct Text : Input {
  explicit Text(const char* text)
      : Input{[](Input& self) {
                auto& at = static_cast<Text&>(self).at;
                return *at != 0 ? static_cast<int>(static_cast<unsigned char>(*at++)) : -1;
              },
              [](Input& self, int) { --static_cast<Text&>(self).at; }},
        at(text) {}
  const char* at;
};

int scanned(const char* text, const char* format, ...) {
  Text input(text);
  std::va_list arguments;
  va_start(arguments, format);
  const int count = atl::formatter::scan(input, format, arguments);
  va_end(arguments);
  return count;
}

template <typename T>
void same(const char* text, const std::string& conversion) {
  T expected, actual;
  std::memset(&expected, 0x55, sizeof expected);
  std::memset(&actual, 0x55, sizeof actual);
  int expected_end = -9, actual_end = -9;
  const std::string format = conversion + "%n";
  const int count = std::sscanf(text, format.c_str(), &expected, &expected_end);
  EXPECT_EQ(scanned(text, format.c_str(), &actual, &actual_end), count) << text << " " << format;
  EXPECT_EQ(actual_end, expected_end) << text << " " << format;
  EXPECT_EQ(std::memcmp(&expected, &actual, sizeof actual), 0) << text << " " << format;
}

TEST(Scan, IntegersOfEveryBaseAndLength) {
  for (const char* text : {"42", "-42", "  7x", "0x1f", "0X1F", "017", "0", "+5", "-", "", "  ",
                           "99999999999999999999999", "-99999999999999999999999", "12abc",
                           "2147483648", "abc", "4294967295", "1 2"}) {
    for (const char* format : {"%d", "%i", "%o", "%u", "%x", "%X", "%2d", "%3i", "%1x"})
      same<int>(text, format);
    for (const char* format : {"%ld", "%li", "%lx", "%lld", "%jd", "%zu", "%td", "%3ld"})
      same<long>(text, format);
    for (const char* format : {"%hd", "%hu", "%hx"}) same<short>(text, format);
    for (const char* format : {"%hhd", "%hhx"}) same<char>(text, format);
  }
}

TEST(Scan, FloatingPoint) {
  for (const char* text : {"3.14",
                           "-3.14e2",
                           "inf",
                           "-infinity",
                           "infin",
                           "nan",
                           "0x1.8p3",
                           ".5",
                           "5.",
                           ".",
                           "1e400",
                           "1e-400",
                           "123456789012345678901234567890",
                           "0.000000000000000000000000001234",
                           "1.5xyz",
                           "  2.5",
                           "",
                           "0x.8",
                           "00001.50",
                           "1e5",
                           "9007199254740993",
                           "1.7976931348623157e308",
                           "4.9e-324",
                           "3e0000000000001"}) {
    for (const char* format : {"%f", "%e", "%g", "%a"}) same<float>(text, format);
    for (const char* format : {"%lf", "%le", "%lg", "%la"}) same<double>(text, format);
    same<long double>(text, "%Lf");
  }
  same<double>("12345", "%3lf");
}

TEST(Scan, ManyDigitsAreRoundedRight) {
  same<double>((std::string(900, '1') + ".5").c_str(), "%lf");
  same<double>(("0." + std::string(400, '0') + std::string(900, '7') + "e400").c_str(), "%lf");
  same<double>(("9007199254740993" + std::string(900, '0') + "1e-901").c_str(), "%lf");
}

TEST(Scan, APrefixOfANumberIsNoNumber) {
  float number = 0;
  int integer = 0;
  EXPECT_EQ(scanned("1e", "%f", &number), 0);
  EXPECT_EQ(scanned("0x", "%i", &integer), 0);
  EXPECT_EQ(scanned("0x1p", "%a", &number), 0);
}

TEST(Scan, TextCharactersAndSets) {
  using Bytes = std::array<char, 64>;
  using Wide = std::array<wchar_t, 64>;
  for (const char* text : {"hello world", "  hi", "", "abc]def", "a-b-c", "12345"}) {
    for (const char* format : {"%s", "%3s", "%c", "%3c", "%[a-z]", "%[^ ]", "%[]a-c]", "%[^]]",
                               "%2[a-z]", "%[-a]", "%[a-]"})
      same<Bytes>(text, format);
    for (const char* format : {"%ls", "%3ls", "%lc", "%l[a-z]"}) same<Wide>(text, format);
  }
}

TEST(Scan, LiteralsSuppressionPointersAndPercent) {
  int one = 0, two = 0;
  EXPECT_EQ(scanned("10:20", "%d:%d", &one, &two), 2);
  EXPECT_EQ(two, 20);
  EXPECT_EQ(scanned("10 % 30", "%d %% %d", &one, &two), 2);
  EXPECT_EQ(two, 30);
  EXPECT_EQ(scanned("5 6", "%*d %d", &one), 1);
  EXPECT_EQ(one, 6);
  void* pointer = nullptr;
  EXPECT_EQ(scanned("0x1234", "%p", &pointer), 1);
  EXPECT_EQ(pointer, reinterpret_cast<void*>(0x1234));
}

TEST(Scan, EndOfInputAndMismatchDiffer) {
  int value = 0;
  EXPECT_EQ(scanned("", "%d", &value), -1);
  EXPECT_EQ(scanned("x", "%d", &value), 0);
  EXPECT_EQ(scanned("1", "%d %d", &value, &value), 1);
  EXPECT_EQ(scanned("", "x"), -1);
}

}  // namespace
