// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>

#include <random>

#include "../src/headers.hpp"
#include "packets.hpp"

namespace {

using atl::netdev_xen::find_transport;
using atl::netdev_xen::kLongestHeaders;
using packets::Bytes;

TEST(Headers, of_tcp_and_udp_over_both_protocols) {
  const auto in_tcp4 = find_transport(packets::tcp4(100));
  ASSERT_TRUE(in_tcp4);
  EXPECT_TRUE(in_tcp4->tcp && !in_tcp4->ipv6);
  EXPECT_EQ(in_tcp4->start, 34);
  EXPECT_EQ(in_tcp4->checksum_offset, 16);
  EXPECT_EQ(in_tcp4->end, 54);

  const auto in_tcp6 = find_transport(packets::tcp6());
  ASSERT_TRUE(in_tcp6);
  EXPECT_TRUE(in_tcp6->tcp && in_tcp6->ipv6);
  EXPECT_EQ(in_tcp6->start, 54);
  EXPECT_EQ(in_tcp6->end, 74);

  Bytes bytes = packets::ethernet(0x0800);
  packets::ipv4(bytes, 17, 15);
  packets::udp(bytes);
  const auto in_udp = find_transport(bytes);
  ASSERT_TRUE(in_udp);
  EXPECT_FALSE(in_udp->tcp);
  EXPECT_EQ(in_udp->start, 14 + 60);
  EXPECT_EQ(in_udp->checksum_offset, 6);
  EXPECT_EQ(in_udp->end, 14 + 60 + 8);
}

TEST(Headers, behind_a_tag_and_options) {
  Bytes bytes = packets::ethernet(0x8100);
  packets::put(bytes, {0, 5, 0x86, 0xdd});
  packets::ipv6(bytes, 0);
  packets::put(bytes, {43, 0, 0, 0, 0, 0, 0, 0});  // hop by hop
  packets::put(bytes, {60, 1, 0, 0, 0, 0, 0, 0});  // routing, 16 bytes
  packets::put(bytes, {0, 0, 0, 0, 0, 0, 0, 0});
  packets::put(bytes, {6, 0, 0, 0, 0, 0, 0, 0});  // destination
  packets::tcp(bytes, 15);
  const auto found = find_transport(bytes);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->start, 18 + 40 + 32);
  EXPECT_EQ(found->end, bytes.size());
}

TEST(Headers, of_nothing_else) {
  const auto refused = [](Bytes bytes) { return !find_transport(bytes); };
  Bytes bytes = packets::ethernet(0x0806);
  packets::ipv4(bytes, 6);
  packets::tcp(bytes);
  EXPECT_TRUE(refused(bytes)) << "another type";
  for (const int fragment : {0x2000, 1, 0x1fff}) {
    bytes = packets::ethernet(0x0800);
    packets::ipv4(bytes, 6, 5, fragment);
    packets::tcp(bytes);
    EXPECT_TRUE(refused(bytes)) << "a fragment";
  }
  for (const int protocol : {1, 2, 41, 44, 50, 255}) {
    bytes = packets::ethernet(0x0800);
    packets::ipv4(bytes, protocol);
    packets::tcp(bytes);
    EXPECT_TRUE(refused(bytes)) << protocol;
    bytes = packets::ethernet(0x86dd);
    packets::ipv6(bytes, protocol);
    packets::tcp(bytes);
    EXPECT_TRUE(refused(bytes)) << protocol;
  }
  bytes = packets::tcp4();
  bytes[14] = std::byte{0x65};
  EXPECT_TRUE(refused(bytes)) << "another version";
  bytes[14] = std::byte{0x44};
  EXPECT_TRUE(refused(bytes)) << "a header too short";
  for (const int words : {0, 4, 6, 15}) {
    bytes = packets::tcp4();
    bytes[14 + 20 + 12] = static_cast<std::byte>(words << 4);
    EXPECT_TRUE(refused(bytes)) << "TCP's is too short, or ends outside";
  }
}

TEST(Headers, that_end_too_early_are_none) {
  for (const Bytes& whole : {packets::tcp4(), packets::tcp6()}) {
    for (std::size_t size = 0; size < whole.size(); ++size) {
      // A copy of its own, so that a read behind it is seen.
      EXPECT_FALSE(find_transport(Bytes(whole.begin(), whole.begin() + static_cast<long>(size))));
    }
  }
  Bytes endless = packets::ethernet(0x86dd);
  packets::ipv6(endless, 0);
  endless.resize(60'000);
  EXPECT_FALSE(find_transport(endless)) << "headers without end";
}

TEST(Headers, of_anything_lie_within_it) {
  std::mt19937 random{1};
  for (int round = 0; round < 200'000; ++round) {
    Bytes bytes = round % 2 == 0 ? packets::tcp4(random() % 200) : packets::tcp6(random() % 200);
    for (unsigned changes = random() % 4; changes > 0; --changes) {
      bytes[12 + random() % 60 % (bytes.size() - 12)] = static_cast<std::byte>(random());
    }
    bytes.resize(random() % (bytes.size() + 1));
    bytes.shrink_to_fit();
    const auto found = find_transport(bytes);
    if (!found) continue;
    ASSERT_LE(found->end, std::min(bytes.size(), kLongestHeaders));
    ASSERT_LE(found->start + found->checksum_offset + 2, found->end);
  }
}

}  // namespace
