// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <atoll/result.hpp>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace atl {

/// An address of IPv4 (RFC 791), in the first 4 bytes, or of IPv6 (RFC 8200), in network order.
struct IpAddress {
  std::array<std::byte, 16> bytes{};
  bool six = false;

  [[nodiscard]] constexpr std::size_t size() const { return six ? 16 : 4; }
  bool operator==(const IpAddress&) const = default;
};

constexpr IpAddress ipv4(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d) {
  return {.bytes = {std::byte{a}, std::byte{b}, std::byte{c}, std::byte{d}}};
}

/// An address, and how many of its first bits it has in common with the others of its network.
struct IpPrefix {
  IpAddress address;
  unsigned bits = 0;

  bool operator==(const IpPrefix&) const = default;
};

/// Four decimal numbers without leading zeros, or what RFC 4291 §2.2 has in its forms 1 and 2.
/// kInvalidArgument. Any context.
Result<IpAddress> parse_ip(std::string_view text);

/// The same, and behind a slash the bits of the prefix, at most those of the address; all of them
/// without the slash. Bits behind the prefix may be anything. kInvalidArgument. Any context.
Result<IpPrefix> parse_ip_prefix(std::string_view text);

}  // namespace atl
