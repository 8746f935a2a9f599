// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <atoll/ip_address.hpp>
#include <atoll/packet_elements.hpp>
#include <bit>
#include <cstdint>
#include <optional>
#include <span>

#include "headers.hpp"

namespace atl {

/// Numbers from `first` to `last`.
struct Span16 {
  std::uint16_t first = 0;
  std::uint16_t last = 0xffff;
  [[nodiscard]] bool holds(std::uint16_t number) const { return number >= first && number <= last; }
};

/// Addresses that begin with the same bits.
struct Prefix {
  bool ipv6 = false;
  InternetAddress address{};
  InternetAddress mask{};  ///< ones where bits are compared

  /// Whether `one`, of the same version, is among them.
  [[nodiscard]] bool holds(const InternetAddress& one) const {
    using Halves = std::array<std::uint64_t, 2>;
    const auto is = std::bit_cast<Halves>(one);
    const auto is_to_be = std::bit_cast<Halves>(address);
    const auto compared = std::bit_cast<Halves>(mask);
    return (((is[0] ^ is_to_be[0]) & compared[0]) | ((is[1] ^ is_to_be[1]) & compared[1])) == 0;
  }
};

/// That of `read`; none where bits behind it are set.
std::optional<Prefix> make_prefix(const IpPrefix& read);

/// What a packet must be so that it is decided here. What is not asked for may be anything.
struct Rule {
  bool allow = false;
  /// Which of the following are asked for.
  enum : std::uint8_t {
    kVlan = 1,
    kType = 2,
    kProtocol = 4,
    kFrom = 8,
    kTo = 16,
    kFromPort = 32,
    kToPort = 64,
    kAnyPort = 128,  ///< in `to_port`
  };
  std::uint8_t asks = 0;
  std::uint8_t protocol = 0;
  std::uint16_t vlan = 0;
  std::uint16_t type = 0;
  Span16 from_port;
  Span16 to_port;
  Prefix from;
  Prefix to;

  [[nodiscard]] bool holds(const Headers& headers) const;
};

/// `allow udp to 198.19.0.0/24 to_port 53, deny tcp, allow`: read in turn, the first that holds
/// decides. What none holds for is denied.
struct Rules {
  static constexpr std::size_t kMost = 32;
  std::array<Rule, kMost> rules{};
  std::size_t count = 0;

  [[nodiscard]] std::span<const Rule> all() const { return {rules.data(), count}; }
};

/// Reads what `wanted` has behind the element's name. kInvalidArgument.
Result<void> read_rules(packet_elements::Wanted& wanted, Rules& into);

}  // namespace atl
