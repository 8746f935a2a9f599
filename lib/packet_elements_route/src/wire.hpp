// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/netdev.hpp>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>

// Where fields stand, and what they hold.
namespace atl {

/// IEEE 802.3 §3.1.1; types as IANA lists them.
namespace ethernet {
inline constexpr std::uint32_t kTo = 0, kFrom = 6, kType = 12, kBytes = 14;
inline constexpr std::uint16_t kIpv4 = 0x0800, kArp = 0x0806;
inline constexpr MacAddress kAll{{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}};
}  // namespace ethernet

/// RFC 826, of IPv4 over Ethernet.
namespace arp {
inline constexpr std::uint32_t kOperation = 6, kFromMac = 8, kFrom = 14, kToMac = 18, kTo = 24,
                               kBytes = 28;
inline constexpr std::array<std::uint8_t, 6> kBegin{0, 1, 8, 0, 6, 4};
inline constexpr std::uint16_t kQuestion = 1, kAnswer = 2;
}  // namespace arp

/// RFC 791 §3.1. The protocol follows the lifetime.
namespace ipv4_header {
inline constexpr std::uint32_t kTotal = 2, kFragment = 6, kLifetime = 8, kProtocol = 9,
                               kChecksum = 10, kFrom = 12, kTo = 16, kBytes = 20;
}  // namespace ipv4_header

/// RFC 792: an echo's type and code, and its checksum.
namespace icmp {
inline constexpr std::uint8_t kProtocol = 1;
inline constexpr std::uint16_t kEcho = 0x0800, kEchoReply = 0;
inline constexpr std::uint32_t kChecksum = 2, kBytes = 8;
}  // namespace icmp

/// Of the network's order.
template <std::unsigned_integral T>
constexpr T in_network_order(T value) {
  if constexpr (std::endian::native == std::endian::big) return value;
  return sizeof(T) == 2 ? static_cast<T>(__builtin_bswap16(static_cast<std::uint16_t>(value)))
                        : static_cast<T>(__builtin_bswap32(value));
}
template <std::unsigned_integral T>
[[gnu::always_inline]] inline T load(const std::byte* at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  return in_network_order(value);
}
template <std::unsigned_integral T>
[[gnu::always_inline]] inline void store(std::byte* at, T value) {
  value = in_network_order(value);
  std::memcpy(at, &value, sizeof value);
}

}  // namespace atl
