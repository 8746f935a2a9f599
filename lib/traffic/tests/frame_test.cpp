// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>

#include <atoll/traffic/frame.hpp>
#include <random>
#include <vector>

namespace {

using namespace atl::traffic;
using atl::ipv4;
using atl::parse_ip;
using Kind = Finding::Kind;
using Frame = std::vector<std::byte>;

constexpr Tag kTag{.run = 7, .flow = 258, .number = 0x0102'0304'0506};

Ends ends(bool six = false) {
  Ends made{.from_mac = {{2, 0, 0, 0, 0, 1}},
            .to_mac = {{2, 0, 0, 0, 0, 2}},
            .from = ipv4(198, 18, 0, 1),
            .to = ipv4(198, 19, 0, 1),
            .from_port = 49152,
            .to_port = 9};
  if (six) {
    made.from = parse_ip("fd00:18::1").value();
    made.to = parse_ip("fd00:19::1").value();
  }
  return made;
}

Frame make(std::size_t bytes, bool six = false, Payload payload = Payload::kPattern,
           const Tag& tag = kTag) {
  Frame frame(bytes, std::byte{0xa5});
  write_frame(frame, ends(six), tag, payload);
  return frame;
}

Kind kind_of(const Frame& frame, Payload payload = Payload::kPattern) {
  return read_frame(frame, kTag.run, payload).kind;
}

/// The sum as RFC 1071 §1 has it, a word after the other.
std::uint16_t plain_sum(std::span<const std::byte> bytes, std::uint32_t sum = 0) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    sum += std::to_integer<std::uint32_t>(bytes[i]) << (i % 2 == 0 ? 8 : 0);
    sum = (sum & 0xffff) + (sum >> 16);
  }
  return static_cast<std::uint16_t>(sum);
}

void insert_vlan(Frame& frame, std::uint8_t type_high, std::uint8_t type_low) {
  for (const int byte : {1, 0x20, static_cast<int>(type_low), static_cast<int>(type_high)}) {
    frame.insert(frame.begin() + 12, static_cast<std::byte>(byte));
  }
  std::swap(frame[14], frame[15]);
}

// The headers, field by field, as RFC 791 §3.1 and RFC 768 have them.
TEST(TrafficFrame, headers_of_ipv4) {
  const Frame frame = make(100);
  const auto at = [&](std::size_t i) { return std::to_integer<unsigned>(frame[i]); };
  EXPECT_EQ(at(5), 2u);
  EXPECT_EQ(at(11), 1u);
  EXPECT_EQ(at(12) << 8 | at(13), 0x0800u);
  EXPECT_EQ(at(14), 0x45u);
  EXPECT_EQ(at(16) << 8 | at(17), 86u);
  EXPECT_EQ(at(20) << 8 | at(21), 0u) << "a fragment";
  EXPECT_EQ(at(22), 64u);
  EXPECT_EQ(at(23), 17u);
  EXPECT_EQ(plain_sum(std::span{frame}.subspan(14, 20)), 0xffff);
  EXPECT_EQ(at(26), 198u);
  EXPECT_EQ(at(31), 19u);
  EXPECT_EQ(at(34) << 8 | at(35), 49152u + 258);
  EXPECT_EQ(at(36) << 8 | at(37), 9u);
  EXPECT_EQ(at(38) << 8 | at(39), 66u);
  EXPECT_EQ(plain_sum(std::span{frame}.subspan(26), 17 + 66), 0xffff);
}

// RFC 8200 §3.
TEST(TrafficFrame, headers_of_ipv6) {
  const Frame frame = make(100, true);
  const auto at = [&](std::size_t i) { return std::to_integer<unsigned>(frame[i]); };
  EXPECT_EQ(at(12) << 8 | at(13), 0x86ddu);
  EXPECT_EQ(at(14), 0x60u);
  EXPECT_EQ(at(18) << 8 | at(19), 46u);
  EXPECT_EQ(at(20), 17u);
  EXPECT_EQ(at(21), 64u);
  EXPECT_EQ(at(22), 0xfdu);
  EXPECT_EQ(at(41), 0x19u);
  EXPECT_EQ(plain_sum(std::span{frame}.subspan(22), 17 + 46), 0xffff);
}

TEST(TrafficFrame, every_size_is_read_as_it_was_written) {
  for (const bool six : {false, true}) {
    for (std::uint32_t bytes = smallest_frame(six); bytes <= 1600; ++bytes) {
      const Tag tag{.run = bytes, .flow = 3, .number = bytes};
      const Finding found =
          read_frame(make(bytes, six, Payload::kPattern, tag), bytes, Payload::kPattern);
      ASSERT_EQ(found.kind, Kind::kGood) << bytes;
      EXPECT_EQ(found.tag, tag);
    }
  }
  EXPECT_EQ(kind_of(make(65'535)), Kind::kGood);
  EXPECT_EQ(kind_of(make(60, false, Payload::kNone), Payload::kNone), Kind::kGood);
}

TEST(TrafficFrame, no_bit_changes_unnoticed_but_those_that_may) {
  for (const bool six : {false, true}) {
    const Frame good = make(six ? 99 : 77, six);
    for (std::size_t bit = 12 * 8; bit < good.size() * 8; ++bit) {
      Frame frame = good;
      frame[bit / 8] ^= std::byte{1} << (bit % 8);
      const std::size_t byte = bit / 8;
      // What IPv6 has no checksum over: traffic class, flow label, hop limit (RFC 8200 §3, §8.1).
      const bool free =
          six && ((byte == 14 && bit % 8 < 4) || (byte > 14 && byte < 18) || byte == 21);
      EXPECT_EQ(kind_of(frame) == Kind::kGood, free) << "bit " << bit << ", six " << six;
      // What says whose packet it is cannot be damaged and still say so.
      if (byte >= (six ? 66 : 46)) EXPECT_EQ(kind_of(frame), Kind::kDamaged) << "bit " << bit;
    }
  }
}

TEST(TrafficFrame, two_bytes_that_sum_up_to_the_same_are_noticed) {
  Frame frame = make(200);
  frame[100] = static_cast<std::byte>(std::to_integer<int>(frame[100]) + 1);
  frame[102] = static_cast<std::byte>(std::to_integer<int>(frame[102]) - 1);
  EXPECT_EQ(kind_of(frame), Kind::kDamaged);
}

TEST(TrafficFrame, a_cut_or_a_longer_one_is_not_good) {
  const Frame good = make(120);
  for (std::size_t length = 0; length < good.size(); ++length) {
    const Frame cut{good.begin(), good.begin() + static_cast<std::ptrdiff_t>(length)};
    EXPECT_NE(kind_of(cut), Kind::kGood) << length;
  }
  Frame longer = good;
  longer.push_back(std::byte{});
  EXPECT_EQ(kind_of(longer), Kind::kDamaged);
}

TEST(TrafficFrame, what_routers_and_bridges_change_is_no_damage) {
  Frame frame = make(80);
  frame[0] = frame[6] = std::byte{0x42};  // other stations' addresses
  // A hop less, and its checksum again: RFC 791 §3.1.
  frame[22] = std::byte{63};
  frame[24] = frame[25] = std::byte{0};
  const auto sum = static_cast<std::uint16_t>(~plain_sum(std::span{frame}.subspan(14, 20)));
  frame[24] = static_cast<std::byte>(sum >> 8);
  frame[25] = static_cast<std::byte>(sum);
  EXPECT_EQ(kind_of(frame), Kind::kGood);
  insert_vlan(frame, 0x81, 0);
  EXPECT_EQ(kind_of(frame), Kind::kGood);
  insert_vlan(frame, 0x88, 0xa8);
  EXPECT_EQ(kind_of(frame), Kind::kGood);
  insert_vlan(frame, 0x81, 0);
  EXPECT_EQ(kind_of(frame), Kind::kForeign) << "three tags";
}

TEST(TrafficFrame, others_packets_are_foreign) {
  EXPECT_EQ(read_frame(make(80), kTag.run + 1, Payload::kPattern).kind, Kind::kForeign);
  Frame arp(60);
  arp[12] = std::byte{8};
  arp[13] = std::byte{6};
  EXPECT_EQ(kind_of(arp), Kind::kForeign);
  EXPECT_EQ(kind_of({}), Kind::kForeign);
  EXPECT_EQ(kind_of(Frame(65'535, std::byte{0xff})), Kind::kForeign);
}

TEST(TrafficFrame, a_checksum_that_was_taken_away_is_damage) {
  Frame frame = make(80);
  frame[40] = frame[41] = std::byte{0};
  EXPECT_EQ(kind_of(frame), Kind::kDamaged);
}

TEST(TrafficFrame, without_a_payload_nobody_looks_at_it) {
  Frame frame = make(80, false, Payload::kNone);
  EXPECT_EQ(frame[79], std::byte{0xa5}) << "written";
  frame[79] = std::byte{};
  EXPECT_EQ(kind_of(frame, Payload::kNone), Kind::kGood);
  EXPECT_EQ(kind_of(frame), Kind::kDamaged);
  frame[47] ^= std::byte{1};  // the flow
  EXPECT_EQ(kind_of(frame, Payload::kNone), Kind::kDamaged);
}

// Headers that say anything, in a block of their own size: what is read outside of it is an error
// of the sanitizer's.
TEST(TrafficFrame, hostile_bytes) {
  std::mt19937 random{2};
  for (int round = 0; round < 50'000; ++round) {
    Frame frame = make(80 + random() % 80, random() % 2 != 0);
    frame.resize(random() % (frame.size() + 1));
    frame.shrink_to_fit();
    for (int changes = static_cast<int>(random() % 6); changes > 0 && !frame.empty(); --changes) {
      frame[random() % frame.size()] = static_cast<std::byte>(random());
    }
    static_cast<void>(kind_of(frame));
    static_cast<void>(kind_of(frame, Payload::kNone));
  }
}

}  // namespace
