// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "text.hpp"

#include <algorithm>
#include <atoll/traffic/mac_address.hpp>

namespace atl::traffic {
namespace {

/// The number of one or two hexadecimal digits.
Result<std::uint8_t> parse_byte(std::string_view text) {
  if (text.empty() || text.size() > 2) return fail(Errc::kInvalidArgument);
  unsigned value = 0;
  for (const char c : text) {
    const char lower = static_cast<char>(c | 0x20);
    const bool decimal = c >= '0' && c <= '9';
    if (!decimal && (lower < 'a' || lower > 'f')) return fail(Errc::kInvalidArgument);
    value = value * 16 + static_cast<unsigned>(decimal ? c - '0' : lower - 'a' + 10);
  }
  return static_cast<std::uint8_t>(value);
}

}  // namespace

Result<MacAddress> parse_mac(std::string_view text) {
  if (std::ranges::count(text, ':') != 5) return fail(Errc::kInvalidArgument);
  MacAddress address;
  for (std::uint8_t& byte : address.bytes) {
    const auto [first, rest, found] = split(text, ":");
    byte = TRY(parse_byte(first));
    text = rest;
  }
  return address;
}

}  // namespace atl::traffic
