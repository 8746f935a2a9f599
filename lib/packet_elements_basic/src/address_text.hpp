// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/result.hpp>
#include <bit>
#include <cstdint>
#include <string_view>

#include "headers.hpp"

namespace atl {

/// Addresses that begin with the same bits.
struct Prefix {
  bool ipv6 = false;
  InternetAddress address{};
  InternetAddress mask{};  ///< ones where bits are compared

  /// Those that have the first `bits` of `address` in common; of IPv4 at most 32, else 128.
  void set_bits(unsigned bits);
  /// Whether `one`, of the same version, is among them.
  [[nodiscard]] bool holds(const InternetAddress& one) const {
    using Halves = std::array<std::uint64_t, 2>;
    const auto is = std::bit_cast<Halves>(one);
    const auto is_to_be = std::bit_cast<Halves>(address);
    const auto compared = std::bit_cast<Halves>(mask);
    return (((is[0] ^ is_to_be[0]) & compared[0]) | ((is[1] ^ is_to_be[1]) & compared[1])) == 0;
  }
};

/// `198.18.0.0/15`, `2001:db8::/32`; a single address without the slash. IPv4 in four decimal
/// numbers, IPv6 as RFC 4291 §2.2 has it, its third form left out. kInvalidArgument; also where
/// bits behind the prefix are not zero.
Result<Prefix> parse_prefix(std::string_view text);

}  // namespace atl
