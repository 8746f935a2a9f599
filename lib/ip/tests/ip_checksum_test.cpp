// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>

#include <atoll/ip_checksum.hpp>
#include <random>
#include <vector>

namespace {

using namespace atl;

/// The sum as RFC 1071 §1 has it, a word after the other.
std::uint16_t plain_sum(std::span<const std::byte> bytes, std::uint32_t sum = 0) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    sum += std::to_integer<std::uint32_t>(bytes[i]) << (i % 2 == 0 ? 8 : 0);
    sum = (sum & 0xffff) + (sum >> 16);
  }
  return static_cast<std::uint16_t>(sum);
}

TEST(IpChecksum, sums_as_the_plain_way) {
  std::mt19937 random{1};
  for (std::size_t length = 0; length < 70; ++length) {
    std::vector<std::byte> bytes(length);
    for (std::byte& byte : bytes) byte = static_cast<std::byte>(random());
    EXPECT_EQ(IpChecksum{}.add(bytes).sum(), plain_sum(bytes)) << length;
  }
  const std::vector<std::byte> most(65'535, std::byte{0xff});
  EXPECT_EQ(IpChecksum{}.add(most).add_number(17).sum(), plain_sum(most, 17));
}

TEST(IpChecksum, corrected_as_if_summed_anew) {
  // RFC 1624 §4: the case that RFC 1141 gets wrong.
  EXPECT_EQ(corrected_ip_checksum(0xdd2f, 0x5555, 0x3285), 0x0000);
  for (const unsigned other : {0u, 1u, 0x00ffu, 0x0100u, 0xfeffu, 0xff00u, 0xfffeu, 0xffffu}) {
    for (unsigned from = 1; from <= 0xffff; from += 17) {
      for (const unsigned to : {from - 1, from ^ 0x0800u, 0x4001u, 0xffffu}) {
        const auto sum_of = [&](unsigned word) {
          const unsigned sum = other + word;
          return static_cast<std::uint16_t>(~((sum & 0xffff) + (sum >> 16)));
        };
        if (other + to == 0) continue;  // no header is all zeros
        EXPECT_EQ(corrected_ip_checksum(sum_of(from), static_cast<std::uint16_t>(from),
                                        static_cast<std::uint16_t>(to)),
                  sum_of(to))
            << other << ", " << from << ", " << to;
      }
    }
  }
}

}  // namespace
