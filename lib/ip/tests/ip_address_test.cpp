// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>

#include <atoll/ip_address.hpp>

namespace {

using namespace atl;

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

TEST(IpAddress, ipv4) {
  EXPECT_EQ(written("198.18.0.1"), "c6120001");
  EXPECT_EQ(written("0.0.0.0"), "00000000");
  EXPECT_EQ(written("255.255.255.255"), "ffffffff");
  for (const char* text :
       {"", "1", "010.0.0.1", "0x1.2.3.4", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1.2.3.", ".1.2.3",
        "1..2.3", "1.2.3.04", "1.2.3.0x4", "1.2.3.-4", "1.2.3.4 "}) {
    EXPECT_EQ(written(text), "none") << text;
  }
}

TEST(IpAddress, ipv6) {
  EXPECT_EQ(written("::"), "00000000000000000000000000000000");
  EXPECT_EQ(written("::1"), "00000000000000000000000000000001");
  EXPECT_EQ(written("fd00:18::1"), "fd000018000000000000000000000001");
  EXPECT_EQ(written("fd00::"), "fd000000000000000000000000000000");
  EXPECT_EQ(written("1:2:3:4:5:6:7:89Ab"), "000100020003000400050006000789ab");
  EXPECT_EQ(written("1:2:3:4:5:6:7::"), "00010002000300040005000600070000");
  EXPECT_EQ(written("1::8"), "00010000000000000000000000000008");
  EXPECT_EQ(written("1:2:3::5:6:7:8"), "00010002000300000005000600070008");
  for (const char* text : {":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4::5:6:7:8",
                           "1::2::3", "12345::", "g::", "1:2:3:4:5:6:7:8::", ":1", "1:2:3:4:5:6:7:",
                           "1:2", ":1::", "1:", "::1:", "::1.2.3.4", "1::2:3:4:5:6:7:8:9:a:b:c"}) {
    EXPECT_EQ(written(text), "none") << text;
  }
}

TEST(IpPrefix, bits_behind_a_slash) {
  EXPECT_EQ(parse_ip_prefix("198.18.0.2/24").value(), (IpPrefix{ipv4(198, 18, 0, 2), 24}));
  EXPECT_EQ(parse_ip_prefix("0.0.0.0/0").value(), (IpPrefix{{}, 0}));
  EXPECT_EQ(parse_ip_prefix("10.0.0.1").value().bits, 32u);
  EXPECT_EQ(parse_ip_prefix("::/0").value(), (IpPrefix{{.six = true}, 0}));
  EXPECT_EQ(parse_ip_prefix("fd00::1/128").value().bits, 128u);
  EXPECT_EQ(parse_ip_prefix("fd00::1").value().bits, 128u);
  for (const char* text : {"", "/", "/8", "10.0.0.1/", "10.0.0.1/33", "10.0.0.1/0x8", "10.0.0/8",
                           "10.0.0.1/-1", "10.0.0.1/8/8", "::/129", "::/"}) {
    EXPECT_FALSE(parse_ip_prefix(text).ok()) << text;
  }
}

}  // namespace
