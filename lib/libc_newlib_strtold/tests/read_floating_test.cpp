// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// What text is a number, where it ends, and ranges.
#include "oracle.hpp"

#include <random>
#include <string>

namespace atl::floating {

template <typename F>
class ReadFloating : public ::testing::Test {};
TYPED_TEST_SUITE(ReadFloating, Formats);

TYPED_TEST(ReadFloating, EndsWhereTheNumberEnds) {
  for (const char* text : {"",
                           " ",
                           "x",
                           "-",
                           "+",
                           ".",
                           "-.",
                           "e5",
                           ".e5",
                           "0",
                           "-0",
                           "+0.",
                           ".0",
                           "1",
                           "1.",
                           ".5",
                           "1.5",
                           "1..5",
                           "1.5.5",
                           "12abc",
                           "1e",
                           "1e+",
                           "1e-x",
                           "1e5",
                           "1E5",
                           "1e+5",
                           "1e-5e",
                           "1.e3",
                           " \t\n\v\f\r7",
                           "- 1",
                           "--1",
                           "+-1",
                           "1 2",
                           "1,5",
                           "00012",
                           "000.000e9",
                           "0e999999999999999999999",
                           "0x",
                           "0X",
                           "0xg",
                           "0x.",
                           "0x.g",
                           "0x.8",
                           "0x8.",
                           "0x1.8p3",
                           "0X1P-3",
                           "0x1p",
                           "0x1p+",
                           "0x1pa",
                           "0x1e3",
                           "0xA.Bp0",
                           "-0x0p5",
                           "0x.0p1",
                           "0x 1",
                           "x1",
                           "1p3",
                           "0b1",
                           "\xff"
                           "1",
                           "1\xff"})
    expect_as_host<TypeParam>(text);
}

TYPED_TEST(ReadFloating, InfinitiesAndNaNs) {
  for (const char* text : {"inf",
                           "INF",
                           "-Inf",
                           "+inf",
                           "infinity",
                           "INFINITY",
                           "-iNfInItYx",
                           "infinit",
                           "in",
                           "i",
                           "nan",
                           "NAN",
                           "-NaN",
                           "na",
                           "nan()",
                           "nan(1)",
                           "nan(abc_9)",
                           "nan(",
                           "nan(1",
                           "nan(-)",
                           "nan(a b)",
                           "nanx",
                           "infe5",
                           "0xinf",
                           "I\x4e"
                           "F"})
    expect_as_host<TypeParam>(text);
  const char* end = nullptr;
  EXPECT_TRUE(read("-nan", TypeParam::kFormat, end).negative);
  EXPECT_EQ(read("inf", TypeParam::kFormat, end).out_of_range, false);
}

TYPED_TEST(ReadFloating, ExponentsFarOutOfRange) {
  for (const char* text :
       {"1e999999999999", "-1e999999999999999999999999999999", "1e-999999999999",
        "-1e-99999999999999999999", "1e2147483647", "1e2147483648", "1e-2147483649",
        "1e9223372036854775807", "1e9223372036854775808", "1e-9223372036854775809",
        "0x1p99999999999999999999", "-0x1p-99999999999999999999", "0x1p9223372036854775807",
        "0x1p-9223372036854775807", "1e309", "1e4933", "1e-400", "1e-4970"})
    expect_as_host<TypeParam>(text);
}

TYPED_TEST(ReadFloating, ZerosThatTheExponentTakesBack) {
  const std::string zeros(10'000, '0');
  expect_as_host<TypeParam>("0." + zeros + "1e10050");
  expect_as_host<TypeParam>("0." + zeros + "1e10001");
  expect_as_host<TypeParam>("123456789" + zeros + "e-10003");
  expect_as_host<TypeParam>("-123456789" + zeros + zeros + "e-20004");
  expect_as_host<TypeParam>(zeros + "1." + zeros + "1e2");
  expect_as_host<TypeParam>("0x0." + zeros + "1p40001");
  expect_as_host<TypeParam>("0x1" + zeros + "p-40002");
  expect_as_host<TypeParam>(zeros);
  expect_as_host<TypeParam>("." + zeros + "e5000");
}

// Random texts of the letters that numbers are made of.
TYPED_TEST(ReadFloating, RandomTexts) {
  std::mt19937_64 random(20240117);
  const std::string letters = "0123456789012345678900..eE+-xXpPaAfFinN() ";
  for (int i = 0; i < 20'000; ++i) {
    std::string text(random() % 24, ' ');
    for (char& letter : text) letter = letters[random() % letters.size()];
    if (random() % 3 == 0) text = "0x" + text;
    expect_as_host<TypeParam>(text);
  }
}

TEST(Round, KeepsWhatFits) {
  const Number three = round({3, 0, false}, kBinary64);
  EXPECT_TRUE(three.mantissa == (static_cast<unsigned __int128>(3) << 51));
  EXPECT_EQ(three.exponent, -51);
  EXPECT_FALSE(three.out_of_range);
}

TEST(Round, CarriesIntoTheNextPowerAndBeyondTheLargest) {
  const unsigned __int128 ones = ~static_cast<unsigned __int128>(0);
  const Number next = round({ones, -128, false}, kBinary64);
  EXPECT_TRUE(next.mantissa == static_cast<unsigned __int128>(1) << 52);
  EXPECT_EQ(next.exponent, -52);
  EXPECT_EQ(round({ones, 1024 - 128, false}, kBinary64).kind, Number::Kind::kInfinite);
}

TEST(Round, HalfOfTheSmallestIsZeroAndMoreIsNot) {
  const unsigned __int128 one = 1;
  for (const int bits : {1, 2, 100, 128}) {
    const unsigned __int128 top = one << (bits - 1);
    const Number half = round({top, -1075 - (bits - 1), false}, kBinary64);
    EXPECT_TRUE(half.mantissa == 0 && half.out_of_range) << bits;
    if (bits < 2) continue;
    EXPECT_TRUE(round({top | 1, -1075 - (bits - 1), false}, kBinary64).mantissa == 1) << bits;
    EXPECT_TRUE(round({top, -1075 - (bits - 1), true}, kBinary64).mantissa == 1) << bits;
    EXPECT_TRUE(round({top, -1076 - (bits - 1), true}, kBinary64).mantissa == 0) << bits;
  }
}

}  // namespace atl::floating
