// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "text.hpp"

#include <algorithm>
#include <atoll/parse.hpp>
#include <atoll/traffic/address.hpp>

namespace atl::traffic {
namespace {

/// Takes what stands before the first `separator` off `text`, with it; all where there is none.
std::string_view take(std::string_view& text, std::string_view separator) {
  const auto [taken, rest, found] = split(text, separator);
  text = rest;
  return taken;
}

/// The number of up to `digits` hexadecimal digits.
Result<std::uint16_t> parse_hex(std::string_view text, std::size_t digits) {
  if (text.empty() || text.size() > digits) return fail(Errc::kInvalidArgument);
  unsigned value = 0;
  for (const char c : text) {
    const char lower = static_cast<char>(c | 0x20);
    const bool decimal = c >= '0' && c <= '9';
    if (!decimal && (lower < 'a' || lower > 'f')) return fail(Errc::kInvalidArgument);
    value = value * 16 + static_cast<unsigned>(decimal ? c - '0' : lower - 'a' + 10);
  }
  return static_cast<std::uint16_t>(value);
}

Result<IpAddress> parse_ipv4(std::string_view text) {
  if (std::ranges::count(text, '.') != 3) return fail(Errc::kInvalidArgument);
  IpAddress address;
  for (std::size_t i = 0; i < 4; ++i) {
    const std::string_view number = take(text, ".");
    // "010" is 8 to some programs and 10 to others; "0x" is no decimal number.
    if (number.size() > 1 && number[0] == '0') return fail(Errc::kInvalidArgument);
    const auto value = parse_number(number, 255);
    if (!value.ok()) return fail(Errc::kInvalidArgument);
    address.bytes[i] = static_cast<std::byte>(value.value());
  }
  return address;
}

/// Writes the groups of `text`, none for an empty one, to `bytes`: how many bytes they took.
Result<std::size_t> parse_groups(std::string_view text, std::span<std::byte> bytes) {
  std::size_t used = 0;
  if (text.empty()) return used;
  for (auto left = std::ranges::count(text, ':') + 1; left > 0; --left) {
    const std::uint16_t group = TRY(parse_hex(take(text, ":"), 4));
    if (used + 2 > bytes.size()) return fail(Errc::kInvalidArgument);
    bytes[used++] = static_cast<std::byte>(group >> 8);
    bytes[used++] = static_cast<std::byte>(group);
  }
  return used;
}

Result<IpAddress> parse_ipv6(std::string_view text) {
  IpAddress address{.six = true};
  const std::span<std::byte> bytes{address.bytes};
  const auto [front, back, has_gap] = split(text, "::");
  if (!has_gap) {
    if (TRY(parse_groups(text, bytes)) != 16) return fail(Errc::kInvalidArgument);
    return address;
  }
  const std::size_t before = TRY(parse_groups(front, bytes));
  std::array<std::byte, 16> behind{};
  const std::size_t after = TRY(parse_groups(back, behind));
  // "::" stands for one group of zeros at least.
  if (before + after > 14) return fail(Errc::kInvalidArgument);
  std::copy_n(behind.begin(), after, address.bytes.end() - static_cast<std::ptrdiff_t>(after));
  return address;
}

}  // namespace

Result<MacAddress> parse_mac(std::string_view text) {
  if (std::ranges::count(text, ':') != 5) return fail(Errc::kInvalidArgument);
  MacAddress address;
  for (std::uint8_t& byte : address.bytes) {
    byte = static_cast<std::uint8_t>(TRY(parse_hex(take(text, ":"), 2)));
  }
  return address;
}

Result<IpAddress> parse_ip(std::string_view text) {
  return text.find(':') == std::string_view::npos ? parse_ipv4(text) : parse_ipv6(text);
}

}  // namespace atl::traffic
