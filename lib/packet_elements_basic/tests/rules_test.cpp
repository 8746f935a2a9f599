// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>

#include "../src/address_text.hpp"

namespace packet_elements_test {
namespace {

using atl::parse_prefix;

TEST(AddressText, what_is_an_address) {
  for (const char* const text :
       {"0.0.0.0/0", "10.0.0.1", "255.255.255.255/32", "198.18.0.0/15", "::", "::/0", "::1",
        "fd00:18::1", "fd00::/8", "1:2:3:4:5:6:7:8", "1::8", "1:2:3:4:5:6:7::", "ABCD::ef/128"}) {
    EXPECT_TRUE(parse_prefix(text).ok()) << text;
  }
}

TEST(AddressText, what_is_none) {
  for (const char* const text : {"",
                                 "/",
                                 "10",
                                 "10.0.0",
                                 "10.0.0.",
                                 "10.0.0.256",
                                 "10.0.0.0.0",
                                 "10.0.0.1/",
                                 "10.0.0.1/33",
                                 "10.0.0.1/24",
                                 "10.0.0.1/0x8",
                                 "010.0.0.1",
                                 "0x10.0.0.1",
                                 "1.2.3.-4",
                                 ":",
                                 ":::",
                                 "1:2",
                                 "1:2:3:4:5:6:7:8:9",
                                 "1::2::3",
                                 "12345::",
                                 "g::",
                                 "1:2:3:4:5:6:7:8::",
                                 "::/129",
                                 "fd00::1/8",
                                 "1:",
                                 ":1",
                                 "1:2:3:4:5:6:7:",
                                 "::1.2.3.4",
                                 "1:2:3:4:5:6:7:9/127"}) {
    EXPECT_FALSE(parse_prefix(text).ok()) << text;
  }
}

TEST(AddressText, bits_are_compared_up_to_the_last_one) {
  for (unsigned bits = 0; bits <= 128; ++bits) {
    atl::Prefix prefix;
    prefix.ipv6 = true;
    prefix.set_bits(bits);
    for (unsigned bit = 0; bit < 128; ++bit) {
      atl::InternetAddress one{};
      one[bit / 8] = static_cast<std::uint8_t>(0x80 >> bit % 8);
      EXPECT_EQ(prefix.holds(one), bit >= bits) << bits << ", " << bit;
    }
  }
  const auto parsed = parse_prefix("10.1.128.0/17");
  const atl::Prefix& prefix = parsed.value();
  EXPECT_TRUE(prefix.holds({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10, 1, 200, 9}));
  EXPECT_FALSE(prefix.holds({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10, 1, 127, 9}));
  EXPECT_FALSE(prefix.holds({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 11, 1, 128, 9}));
}

TEST(AddressText, groups_stand_where_they_belong) {
  const auto parsed = parse_prefix("1:2::7:8");
  EXPECT_EQ(parsed.value().address,
            (atl::InternetAddress{0, 1, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7, 0, 8}));
}

}  // namespace
}  // namespace packet_elements_test
