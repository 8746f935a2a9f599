// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>

#include "../src/port_number.hpp"

namespace {

using atl::Errc;
using atl::power::port_number;

TEST(PortNumberTest, hexadecimal_and_decimal) {
  EXPECT_EQ(port_number("0x501").value(), 0x501);
  EXPECT_EQ(port_number("0XfF").value(), 0xff);
  EXPECT_EQ(port_number("1281").value(), 1281);
  EXPECT_EQ(port_number("65535").value(), 65535);
}

TEST(PortNumberTest, anything_else_is_refused) {
  for (const char* text : {"", "0x", "x501", "0x10000", "65536", "99999999999999999999", "-1",
                           "5f", "0x5g", "semihosting", " 1", "1 "})
    EXPECT_EQ(port_number(text).error(), Errc::kInvalidArgument) << text;
}

}  // namespace
