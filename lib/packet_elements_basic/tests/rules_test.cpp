// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "../src/rules.hpp"

#include <gtest/gtest.h>

namespace packet_elements_test {
namespace {

using atl::InternetAddress;
using atl::make_prefix;

std::optional<atl::Prefix> prefix(std::string_view text) {
  return make_prefix(atl::parse_ip_prefix(text).value());
}

TEST(Prefix, nothing_stands_behind_it) {
  for (const char* const text : {"0.0.0.0/0", "10.0.0.1", "255.255.255.255/32", "198.18.0.0/15",
                                 "::/0", "::1", "fd00::/8", "1:2:3:4:5:6:7:8/125"}) {
    EXPECT_TRUE(prefix(text)) << text;
  }
  for (const char* const text :
       {"10.0.0.1/24", "128.0.0.0/0", "10.0.0.1/31", "fd00::1/8", "1:2:3:4:5:6:7:9/127", "::1/0"}) {
    EXPECT_FALSE(prefix(text)) << text;
  }
}

TEST(Prefix, bits_are_compared_up_to_the_last_one) {
  for (unsigned bits = 0; bits <= 128; ++bits) {
    const auto made = make_prefix({{.six = true}, bits});
    for (unsigned bit = 0; bit < 128; ++bit) {
      InternetAddress one{};
      one[bit / 8] = static_cast<std::uint8_t>(0x80 >> bit % 8);
      EXPECT_EQ(made->holds(one), bit >= bits) << bits << ", " << bit;
    }
  }
  const auto made = prefix("10.1.128.0/17");
  EXPECT_TRUE(made->holds({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10, 1, 200, 9}));
  EXPECT_FALSE(made->holds({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10, 1, 127, 9}));
  EXPECT_FALSE(made->holds({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 11, 1, 128, 9}));
}

}  // namespace
}  // namespace packet_elements_test
