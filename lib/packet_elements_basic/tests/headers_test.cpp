// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "../src/headers.hpp"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "frames.hpp"

namespace packet_elements_test {
namespace {

using atl::Headers;

/// Of a frame all of which is looked at, in a block of just its size.
Headers read(const Bytes& frame) {
  const std::vector<std::byte> block(
      reinterpret_cast<const std::byte*>(frame.data()),
      reinterpret_cast<const std::byte*>(frame.data()) + frame.size());
  return atl::read_headers(std::span{block}.first(std::min<std::size_t>(256, block.size())),
                           block.size());
}

TEST(HeadersTest, udp_and_tcp_over_both_versions) {
  for (const bool ipv6 : {false, true}) {
    for (const std::uint8_t protocol : {Headers::kUdp, Headers::kTcp}) {
      const Bytes payload = transport(protocol, 1'000, 53);
      const Headers headers = read(
          ethernet(ipv6 ? 0x86dd : 0x0800, ipv6 ? ip6(protocol, payload) : ip4(protocol, payload)));
      EXPECT_FALSE(headers.malformed);
      EXPECT_TRUE(headers.internet);
      EXPECT_TRUE(headers.ports);
      EXPECT_EQ(headers.protocol, protocol);
      EXPECT_EQ(headers.from_port, 1'000);
      EXPECT_EQ(headers.to_port, 53);
      EXPECT_EQ(headers.from[15], 1);
      EXPECT_EQ(headers.to[15], 2);
    }
  }
}

TEST(HeadersTest, tags) {
  const Bytes inner = ip4(Headers::kUdp, transport(Headers::kUdp, 1, 2));
  for (unsigned count = 0; count <= 6; ++count) {
    Bytes tagged = bytes(0x08, 0x00) + inner;
    for (unsigned i = 0; i < count; ++i) {
      tagged = bytes(i % 2 == 0 ? 0x81 : 0x88, i % 2 == 0 ? 0x00 : 0xa8, 0x60, 10 + i) + tagged;
      // What stood there is the type that this tag ends with.
    }
    const Headers headers = read(Bytes(12, '\1') + tagged);
    EXPECT_EQ(headers.malformed, count > 4) << count;
    if (count > 4) continue;
    EXPECT_EQ(headers.tags, count);
    if (count > 0) EXPECT_EQ(headers.vlan, 10 + count - 1);
    EXPECT_EQ(headers.to_port, 2);
  }
}

TEST(HeadersTest, whatever_is_cut_off_is_malformed_and_never_read) {
  const Bytes whole[] = {
      ethernet(0x0800, ip4(Headers::kTcp, transport(Headers::kTcp, 1, 2))),
      ethernet(0x86dd, ip6(Headers::kUdp, transport(Headers::kUdp, 1, 2))),
      ethernet(0x86dd, ip6(0, bytes(43, 0) + Bytes(6, '\0') + bytes(60, 0) + Bytes(6, '\0') +
                                  bytes(Headers::kTcp, 0) + Bytes(6, '\0') +
                                  transport(Headers::kTcp, 1, 2))),
      Bytes(12, '\1') + bytes(0x81, 0, 0, 10) + bytes(0x08, 0) +
          ip4(Headers::kUdp, transport(Headers::kUdp, 1, 2)),
  };
  for (const Bytes& frame : whole) {
    EXPECT_FALSE(read(frame).malformed);
    for (std::size_t length = 0; length < frame.size(); ++length) {
      EXPECT_TRUE(read(frame.substr(0, length)).malformed) << length << " of " << frame.size();
    }
  }
}

TEST(HeadersTest, what_contradicts_itself_is_malformed) {
  const Bytes good = ip4(Headers::kTcp, transport(Headers::kTcp, 1, 2));
  const auto with = [&](std::size_t at, int value) {
    Bytes changed = good;
    changed[at] = static_cast<char>(value);
    return read(ethernet(0x0800, changed)).malformed;
  };
  EXPECT_FALSE(with(8, 7));
  EXPECT_TRUE(with(0, 0x65)) << "a version that the type does not say";
  EXPECT_TRUE(with(0, 0x44)) << "a header of 16 bytes";
  EXPECT_TRUE(with(0, 0x4f)) << "a header longer than the packet's";
  EXPECT_TRUE(with(3, 19)) << "a packet shorter than its header";
  EXPECT_TRUE(with(3, 41)) << "a packet longer than the frame";
  EXPECT_TRUE(with(3, 39)) << "a header of TCP that is cut off";
}

TEST(HeadersTest, fragments_hide_no_header) {
  const auto fragment = [](std::uint8_t protocol, unsigned offset, std::size_t length) {
    return read(ethernet(0x0800, ip4(protocol, Bytes(length, '\2'), offset)));
  };
  EXPECT_TRUE(fragment(Headers::kTcp, 0, 16).malformed) << "RFC 1858 §3";
  EXPECT_TRUE(fragment(Headers::kTcp, 1, 40).malformed) << "RFC 1858 §4";
  const Headers second = fragment(Headers::kTcp, 100, 40);
  EXPECT_FALSE(second.malformed);
  EXPECT_FALSE(second.ports);
  const Headers third =
      read(ethernet(0x86dd, ip6(44, bytes(Headers::kUdp, 0, 0x08, 0) + Bytes(44, '\2'))));
  EXPECT_FALSE(third.malformed);
  EXPECT_FALSE(third.ports);
  EXPECT_EQ(third.protocol, Headers::kUdp);
}

TEST(HeadersTest, random_frames) {
  std::mt19937 random{1};
  for (int round = 0; round < 200'000; ++round) {
    Bytes frame(random() % 120, '\0');
    for (char& c : frame) c = static_cast<char>(random());
    if (frame.size() > 14) {
      const Bytes type = (round & 1) != 0 ? bytes(0x08, 0x00, 0x45) : bytes(0x86, 0xdd, 0x60);
      frame.replace(12, 3, type);
    }
    const Headers headers = read(frame);
    EXPECT_TRUE(headers.internet || !headers.ports);
  }
}

}  // namespace
}  // namespace packet_elements_test
