// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>

#include <atoll/traffic/address.hpp>

namespace {

using namespace atl::traffic;

std::string written(std::string_view text) {
  const auto address = parse_ip(text);
  if (!address.ok()) return "none";
  std::string digits;
  for (std::size_t i = 0; i < address.value().size(); ++i) {
    digits += "0123456789abcdef"[std::to_integer<int>(address.value().bytes[i] >> 4)];
    digits += "0123456789abcdef"[std::to_integer<int>(address.value().bytes[i] & std::byte{15})];
  }
  return digits;
}

TEST(TrafficAddress, mac) {
  const auto address = parse_mac("02:0:ff:aB:00:1");
  ASSERT_TRUE(address.ok());
  EXPECT_EQ(address.value(), (atl::MacAddress{{0x02, 0, 0xff, 0xab, 0, 1}}));
  for (const char* text : {"", ":::::", "02:00:00:00:00", "02:00:00:00:00:01:02", "2:0:0:0:0:g",
                           "002:0:0:0:0:1", "2:0:0:0:0:", "2-0-0-0-0-1", "2:0:0:0:0:0x1"}) {
    EXPECT_FALSE(parse_mac(text).ok()) << text;
  }
}

TEST(TrafficAddress, ipv4) {
  EXPECT_EQ(written("198.18.0.1"), "c6120001");
  EXPECT_EQ(written("0.0.0.0"), "00000000");
  EXPECT_EQ(written("255.255.255.255"), "ffffffff");
  for (const char* text : {"", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1.2.3.", ".1.2.3", "1..2.3",
                           "1.2.3.04", "1.2.3.0x4", "1.2.3.-4", "1.2.3.4 "}) {
    EXPECT_EQ(written(text), "none") << text;
  }
}

TEST(TrafficAddress, ipv6) {
  EXPECT_EQ(written("::"), "00000000000000000000000000000000");
  EXPECT_EQ(written("::1"), "00000000000000000000000000000001");
  EXPECT_EQ(written("fd00:18::1"), "fd000018000000000000000000000001");
  EXPECT_EQ(written("fd00::"), "fd000000000000000000000000000000");
  EXPECT_EQ(written("1:2:3:4:5:6:7:89Ab"), "000100020003000400050006000789ab");
  EXPECT_EQ(written("1:2:3::5:6:7:8"), "00010002000300000005000600070008");
  for (const char* text :
       {":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4::5:6:7:8", "1::2::3",
        "12345::", "g::", ":1::", "1:", "::1:", "::1.2.3.4", "1::2:3:4:5:6:7:8:9:a:b:c"}) {
    EXPECT_EQ(written(text), "none") << text;
  }
}

}  // namespace
