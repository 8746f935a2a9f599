// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <atoll/buffer.hpp>
#include <cstdint>
#include <span>

namespace atl {

/// An address of either version; of IPv4 the last four bytes count, behind zeros.
using InternetAddress = std::array<std::uint8_t, 16>;

/// What the headers of a frame say. Nothing in it was trusted.
struct Headers {
  /// Tags that are looked behind.
  static constexpr unsigned kMostTags = 4;
  /// Of the frame, from its begin: headers that reach further are malformed.
  static constexpr std::uint32_t kLookedAt = 256;

  /// Of EtherType: behind the tags.
  static constexpr std::uint16_t kIpv4 = 0x0800;
  static constexpr std::uint16_t kArp = 0x0806;
  static constexpr std::uint16_t kIpv6 = 0x86dd;
  /// Of the protocol (IANA, Protocol Numbers).
  static constexpr std::uint8_t kIcmp = 1, kTcp = 6, kUdp = 17, kIcmp6 = 58;

  bool malformed = false;  ///< a header is cut off or contradicts itself
  bool ports = false;      ///< the two that follow are known
  bool internet = false;   ///< addresses and protocol are known: IPv4 or IPv6
  std::uint8_t tags = 0;
  std::uint8_t protocol = 0;  ///< of what IP carries, behind IPv6's extension headers
  std::uint16_t vlan = 0;     ///< of the outermost tag
  std::uint16_t type = 0;
  std::uint16_t from_port = 0;
  std::uint16_t to_port = 0;
  // Aligned, so that they are cleared by words.
  alignas(8) InternetAddress from{};
  alignas(8) InternetAddress to{};
};

/// Reads the headers of a frame, whatever its buffers. Any context; never blocks.
Headers read_headers(const Buffer& frame);

/// The same of its first bytes; `length` is that of all of it.
Headers read_headers(std::span<const std::byte> first, std::uint64_t length);

}  // namespace atl
