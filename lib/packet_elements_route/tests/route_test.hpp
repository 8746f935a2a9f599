// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include "../../packet_elements/tests/fake_interface.hpp"

namespace atl {
Result<void> router_element(packet_elements::Wanted& wanted);
}  // namespace atl

namespace packet_elements_test {

inline constexpr Driver kKinds[] = {{"router", router_element}};

inline std::string number(std::uint64_t value, int bytes) {
  std::string text;
  while (bytes > 0) text += static_cast<char>(value >> 8 * --bytes);
  return text;
}
/// 198.18.0.9 is ip(18, 9).
inline std::uint32_t ip(unsigned second, unsigned last) { return 198u << 24 | second << 16 | last; }
/// That of host n; interface n of the router has mac(n, 0).
inline std::string mac(int host, int kind = 1) {
  return std::string{"\2\0\0\0", 4} + static_cast<char>(kind) + static_cast<char>(host);
}
inline const std::string kAll(6, '\xff');

inline std::uint16_t checksum(std::string_view bytes) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    sum += static_cast<std::uint32_t>(static_cast<std::uint8_t>(bytes[i])) << (i % 2 == 0 ? 8 : 0);
  }
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<std::uint16_t>(~sum);
}

struct Ip {
  std::string to_mac;
  std::string from_mac;
  std::uint32_t from = ip(18, 9);
  std::uint32_t to = ip(19, 9);
  int lifetime = 64;
  int protocol = 17;
  std::string payload = std::string(26, 'p');
  std::string options = {};
  int fragment = 0;
};
inline std::string make(const Ip& is) {
  const std::size_t header = 20 + is.options.size();
  std::string packet = number(0x40 | header / 4, 1) + number(0, 1) +
                       number(header + is.payload.size(), 2) + number(7, 2) +
                       number(static_cast<std::uint64_t>(is.fragment), 2) +
                       number(static_cast<std::uint64_t>(is.lifetime), 1) +
                       number(static_cast<std::uint64_t>(is.protocol), 1) + number(0, 2) +
                       number(is.from, 4) + number(is.to, 4) + is.options;
  packet.replace(10, 2, number(checksum(packet), 2));
  return is.to_mac + is.from_mac + number(0x0800, 2) + packet + is.payload;
}
inline std::string echo(int type, std::size_t bytes = 40) {
  std::string message = number(static_cast<std::uint64_t>(type), 1) + std::string(7, '\0');
  for (std::size_t i = 0; i < bytes; ++i) message += static_cast<char>(i);
  return message.replace(2, 2, number(checksum(message), 2));
}

struct Arp {
  int operation = 1;
  std::string from_mac = mac(9);
  std::uint32_t from = ip(18, 9);
  std::uint32_t to = ip(18, 1);
  std::string ethernet_to = kAll;
  std::string to_mac = std::string(6, '\0');
};
inline std::string make(const Arp& is) {
  return is.ethernet_to + is.from_mac + number(0x0806, 2) + number(1, 2) + number(0x0800, 2) +
         number(0x0604, 2) + number(static_cast<std::uint64_t>(is.operation), 2) + is.from_mac +
         number(is.from, 4) + is.to_mac + number(is.to, 4);
}

/// A router between 198.18.0.0/24 and 198.19.0.0/24, .1 in both, and 10.0.0.0/8 behind 198.19.0.7.
class RouteTest : public NetworkTest {
 protected:
  RouteTest() {
    net0.room = net1.room = 1'000'000;
    EXPECT_EQ(configure(kKinds,
                        "r = router 198.18.0.1/24, 198.19.0.1/24, 10.0.0.0/8 via 198.19.0.7, "
                        "10.9.0.0/16 via 198.18.0.7; net0 -> r.0 -> net0; net1 -> r.1 -> net1"),
              "");
  }
  ~RouteTest() override { expect_sums(); }

  using Frames = std::vector<std::string>;
  /// What comes out of net0, then of net1.
  Frames from(FakeInterface& device, const Frames& frames, std::uint32_t piece = 2'000) {
    net0.sent.clear();
    net1.sent.clear();
    for (const std::string& frame : frames) device.arrive(frame, piece);
    forward();
    expect_sums();
    Frames all = net0.sent;
    all.insert(all.end(), net1.sent.begin(), net1.sent.end());
    return all;
  }
  Frames from0(const std::string& frame) { return from(net0, {frame}); }
  Frames from1(const std::string& frame) { return from(net1, {frame}); }
  /// Has the router learn 198.18.0.9 and 198.19.0.9 by their questions.
  void know_hosts() {
    EXPECT_EQ(from0(make(Arp{})).size(), 1u);
    EXPECT_EQ(from1(make(Arp{.from_mac = mac(19), .from = ip(19, 9), .to = ip(19, 1)})).size(), 1u);
  }
  static Ip packet() { return {.to_mac = mac(0, 0), .from_mac = mac(9)}; }
  /// What packet() is behind the router.
  static Ip forwarded(Ip is) {
    --is.lifetime;
    is.to_mac = mac(19);
    is.from_mac = mac(1, 0);
    return is;
  }
  std::uint64_t count(const std::string& name) const { return counters()["r: " + name]; }
  /// `frame` from net0 goes nowhere, and is counted as `reason`.
  void dropped(const std::string& frame, const std::string& reason) {
    const std::uint64_t before = count(reason);
    EXPECT_EQ(from0(frame), Frames{}) << reason;
    EXPECT_EQ(count(reason), before + 1) << reason;
  }
};

}  // namespace packet_elements_test
