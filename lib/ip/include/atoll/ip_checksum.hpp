// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace atl {

/// The ones' complement sum of the Internet's checksums (RFC 1071), of big-endian 16-bit words,
/// summed in this machine's order (§2 (B)) and four at a time (§2 (C)).
class IpChecksum {
 public:
  /// A last byte without a second one counts as if a zero came behind it.
  IpChecksum& add(std::span<const std::byte> bytes) {
    std::size_t at = 0;
    for (; at + 4 <= bytes.size(); at += 4) {
      std::uint32_t word;
      std::memcpy(&word, &bytes[at], 4);
      sum_ += word;
    }
    if (at < bytes.size()) {
      std::uint32_t word = 0;
      std::memcpy(&word, &bytes[at], bytes.size() - at);
      sum_ += word;
    }
    return *this;
  }
  /// A number of 16 or 32 bits, as it would stand in a packet.
  IpChecksum& add_number(std::uint32_t value) {
    sum_ += std::endian::native == std::endian::little ? __builtin_bswap32(value) : value;
    return *this;
  }
  /// The sum so far; 0xffff of what has its right checksum in it.
  [[nodiscard]] std::uint16_t sum() const {
    std::uint64_t folded = sum_;
    while (folded >> 16 != 0) folded = (folded >> 16) + (folded & 0xffff);
    const auto sum = static_cast<std::uint16_t>(folded);
    return std::endian::native == std::endian::little ? __builtin_bswap16(sum) : sum;
  }

 private:
  std::uint64_t sum_ = 0;  // of at most 65,535 bytes: 14 bits more than a word has
};

/// The checksum of what had `sum` before a word of it changed (RFC 1624 §3, equation 3).
constexpr std::uint16_t corrected_ip_checksum(std::uint16_t sum, std::uint16_t from,
                                              std::uint16_t to) {
  std::uint32_t inverse = (sum ^ 0xffffu) + (from ^ 0xffffu) + to;
  inverse = (inverse >> 16) + (inverse & 0xffff);
  inverse += inverse >> 16;
  return static_cast<std::uint16_t>(~inverse);
}

}  // namespace atl
