// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/result.hpp>
#include <string_view>

#include "headers.hpp"

namespace atl {

/// Addresses that begin with the same bits.
struct Prefix {
  bool ipv6 = false;
  std::uint8_t bits = 0;  ///< of `address`, which are compared: 0 to 128
  InternetAddress address{};

  /// Whether `one`, of the same version, is among them.
  [[nodiscard]] bool holds(const InternetAddress& one) const;
};

/// `198.18.0.0/15`, `2001:db8::/32`; a single address without the slash. IPv4 in four decimal
/// numbers, IPv6 as RFC 4291 §2.2 has it, its third form left out. kInvalidArgument; also where
/// bits behind the prefix are not zero.
Result<Prefix> parse_prefix(std::string_view text);

}  // namespace atl
