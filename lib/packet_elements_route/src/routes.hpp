// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <atoll/packet_element.hpp>
#include <cstdint>

namespace atl {

/// An address of IPv4 as a number.
using Ipv4 = std::uint32_t;

/// Whether nobody can have this address, so that no packet is from it or to it alone: of "this"
/// network, of the loopback, of a group or reserved (RFC 1812 §5.3.7, RFC 1112 §4).
constexpr bool is_nobody(Ipv4 address) {
  const unsigned first = address >> 24;
  return first == 0 || first == 127 || first >= 224;
}

struct Route {
  Ipv4 network = 0;
  Ipv4 mask = 0;
  Ipv4 next_hop = 0;  ///< 0: the destination itself
  std::uint8_t port = 0;
  bool ours = false;  ///< an address of the router

  [[nodiscard]] bool holds(Ipv4 address) const { return (address & mask) == network; }
  /// Whether `address`, which it holds, is the network's own or its broadcast address. A network
  /// of two has neither (RFC 3021 §2.1).
  [[nodiscard]] bool is_edge(Ipv4 address) const {
    return ~mask > 1 && (address == network || address == (network | ~mask));
  }
  /// Whether a host of this network may have `address`.
  [[nodiscard]] bool has_host(Ipv4 address) const {
    return holds(address) && !is_edge(address) && !is_nobody(address);
  }
};

/// Where packets go: the router's addresses, its networks, and what is behind them.
class Routes {
 public:
  static constexpr unsigned kMostPorts = Element::kMostPorts;
  static constexpr unsigned kMostStatic = 32;

  /// One that none of the others is equal to; there is room for kMostStatic and two for each port.
  void add(const Route& route);
  /// The one with the longest prefix that holds `address`; null where none does. O(routes).
  [[nodiscard]] const Route* find(Ipv4 address) const;
  /// Whether there is one to that network.
  [[nodiscard]] bool has(Ipv4 network, Ipv4 mask) const;
  /// The router's network that has addresses in common with this one; null where none has.
  [[nodiscard]] const Route* overlapping(Ipv4 network, Ipv4 mask) const;

 private:
  std::array<Route, kMostStatic + 2 * kMostPorts> routes_{};  // the longest prefixes first
  unsigned count_ = 0;
};

}  // namespace atl
