// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>

#include <atoll/traffic/mac_address.hpp>

namespace {

using atl::traffic::parse_mac;

TEST(TrafficMacAddress, of_six_numbers) {
  const auto address = parse_mac("02:0:ff:aB:00:1");
  ASSERT_TRUE(address.ok());
  EXPECT_EQ(address.value(), (atl::MacAddress{{0x02, 0, 0xff, 0xab, 0, 1}}));
  for (const char* text : {"", ":::::", "02:00:00:00:00", "02:00:00:00:00:01:02", "2:0:0:0:0:g",
                           "002:0:0:0:0:1", "2:0:0:0:0:", "2-0-0-0-0-1", "2:0:0:0:0:0x1"}) {
    EXPECT_FALSE(parse_mac(text).ok()) << text;
  }
}

}  // namespace
