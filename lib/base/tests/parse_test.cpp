// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>
#include <atoll/parse.hpp>

namespace {

using namespace atl;

TEST(ParseTest, decimal_and_hexadecimal) {
  EXPECT_EQ(parse_number("0").value(), 0u);
  EXPECT_EQ(parse_number("00042").value(), 42u);
  EXPECT_EQ(parse_number("0x501").value(), 0x501u);
  EXPECT_EQ(parse_number("0XaBcDeF").value(), 0xabcdefu);
  EXPECT_EQ(parse_number("18446744073709551615").value(), UINT64_MAX);
  EXPECT_EQ(parse_number("0xffffffffffffffff").value(), UINT64_MAX);
}

TEST(ParseTest, what_is_no_number) {
  for (const char* text :
       {"", "0x", "x1", "-1", "+1", " 1", "1 ", "1.5", "12a", "0xg", "0x-1", "@", "`", "/", ":"}) {
    const auto number = parse_number(text);
    ASSERT_FALSE(number.ok()) << text;
    EXPECT_EQ(number.error(), Errc::kInvalidArgument) << text;
  }
}

TEST(ParseTest, what_is_too_large) {
  EXPECT_EQ(parse_number("18446744073709551616").error(), Errc::kOutOfRange);
  EXPECT_EQ(parse_number("0x10000000000000000").error(), Errc::kOutOfRange);
  EXPECT_EQ(parse_number("99999999999999999999999999").error(), Errc::kOutOfRange);
  EXPECT_EQ(parse_number("11", 10).error(), Errc::kOutOfRange);
  EXPECT_EQ(parse_number("10", 10).value(), 10u);
  EXPECT_EQ(parse_number("99999999999999999999999999x").error(), Errc::kInvalidArgument);
}

}  // namespace
