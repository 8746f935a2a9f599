// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace atl::netdev_xen {

/// Where TCP or UDP begins in a frame, and where it has its checksum: netif speaks of a blank
/// one without saying where it is.
struct Transport {
  bool ipv6 = false;
  bool tcp = false;
  std::uint16_t start = 0;
  std::uint16_t checksum_offset = 0;  ///< from there
  std::uint16_t end = 0;              ///< of its header
};

/// Bytes of a frame that find_transport() needs at most.
inline constexpr std::size_t kLongestHeaders = 256;

/// Of the frame that begins with `bytes`: Ethernet (IEEE 802.3 §3.1.1) with at most one VLAN
/// tag, IPv4 (RFC 791 §3.1) or IPv6 (RFC 8200 §3, §4), TCP (RFC 9293 §3.1) or UDP (RFC 768).
/// None for anything else, for fragments, and where the headers end outside of `bytes`.
std::optional<Transport> find_transport(std::span<const std::byte> bytes);

}  // namespace atl::netdev_xen
