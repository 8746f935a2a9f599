// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "headers.hpp"

#include <algorithm>
#include <cstring>

namespace atl {

namespace {

// IEEE 802.1Q §9.5: customer and service tags.
constexpr std::uint16_t kCustomerTag = 0x8100;
constexpr std::uint16_t kServiceTag = 0x88a8;

// IPv6 extension headers (RFC 8200 §4).
constexpr std::uint8_t kHopByHop = 0, kRouting = 43, kFragment = 44, kDestination = 60;

/// Reads from the front; `cut` once something was not there.
class Cursor {
 public:
  explicit Cursor(std::span<const std::byte> left) : left_(left) {}

  [[nodiscard]] bool has(std::size_t bytes) const { return left_.size() >= bytes; }
  [[nodiscard, gnu::always_inline]] std::uint8_t byte(std::size_t at) const {
    return static_cast<std::uint8_t>(left_[at]);
  }
  // Of the network: the high byte first.
  [[nodiscard, gnu::always_inline]] std::uint16_t word(std::size_t at) const {
    std::uint16_t value;
    std::memcpy(&value, left_.data() + at, sizeof value);
    return __builtin_bswap16(value);
  }
  [[nodiscard]] std::size_t size() const { return left_.size(); }
  [[nodiscard]] const std::byte* data(std::size_t at) const { return left_.data() + at; }
  [[gnu::always_inline]] void skip(std::size_t bytes) { left_ = left_.subspan(bytes); }
  void cut(std::size_t bytes) { left_ = left_.first(std::min(bytes, left_.size())); }

 private:
  std::span<const std::byte> left_;
};

/// What a first fragment must hold of its transport's header (RFC 1858 §3).
std::size_t least_of(std::uint8_t protocol) {
  switch (protocol) {
    case Headers::kTcp:
      return 20;
    case Headers::kUdp:
      return 8;
    case Headers::kIcmp:
    case Headers::kIcmp6:
      return 4;
    default:
      return 0;
  }
}

/// `offset` in units of 8 bytes: what follows the header that the cursor is behind.
void read_transport(Headers& headers, const Cursor& at, unsigned offset) {
  if (offset != 0) {
    // RFC 1858 §4: a fragment that would overwrite the header of TCP.
    headers.malformed = headers.protocol == Headers::kTcp && offset == 1;
    return;
  }
  if (!at.has(least_of(headers.protocol))) {
    headers.malformed = true;
  } else if (headers.protocol == Headers::kTcp || headers.protocol == Headers::kUdp) {
    headers.from_port = at.word(0);
    headers.to_port = at.word(2);
    headers.ports = true;
  }
}

// RFC 791 §3.1.
void read_ipv4(Headers& headers, Cursor at, std::uint64_t length) {
  headers.malformed = true;
  if (!at.has(20)) return;
  const std::size_t header = (at.byte(0) & 15u) * std::size_t{4};
  const std::uint16_t total = at.word(2);
  if (at.byte(0) >> 4 != 4 || header < 20 || total < header || total > length || !at.has(header)) {
    return;
  }
  headers.malformed = false;
  headers.internet = true;
  headers.protocol = at.byte(9);
  std::memcpy(&headers.from[12], at.data(12), 4);
  std::memcpy(&headers.to[12], at.data(16), 4);
  const unsigned offset = at.word(6) & 0x1fffu;
  at.cut(total);
  at.skip(header);
  read_transport(headers, at, offset);
}

// RFC 8200 §3, §4.
void read_ipv6(Headers& headers, Cursor at, std::uint64_t length) {
  headers.malformed = true;
  if (!at.has(40) || at.byte(0) >> 4 != 6) return;
  const std::size_t payload = at.word(4);
  if (payload + 40 > length) return;
  std::memcpy(headers.from.data(), at.data(8), 16);
  std::memcpy(headers.to.data(), at.data(24), 16);
  std::uint8_t next = at.byte(6);
  at.cut(40 + payload);
  at.skip(40);
  unsigned offset = 0;
  while (offset == 0 &&
         (next == kHopByHop || next == kRouting || next == kDestination || next == kFragment)) {
    if (!at.has(8)) return;
    const std::size_t bytes = next == kFragment ? 8 : 8 + std::size_t{at.byte(1)} * 8;
    if (next == kFragment) offset = at.word(2) >> 3;
    next = at.byte(0);
    if (!at.has(bytes)) return;
    at.skip(bytes);
  }
  headers.malformed = false;
  headers.internet = true;
  headers.protocol = next;
  read_transport(headers, at, offset);
}

}  // namespace

Headers read_headers(std::span<const std::byte> first, std::uint64_t length) {
  Headers headers;
  Cursor at{first};
  std::size_t bytes = 14;
  headers.malformed = true;
  if (!at.has(bytes)) return headers;
  headers.type = at.word(12);
  while (headers.type == kCustomerTag || headers.type == kServiceTag) {
    if (headers.tags == Headers::kMostTags || !at.has(bytes + 4)) return headers;
    if (headers.tags++ == 0) headers.vlan = at.word(14) & 0xfffu;
    headers.type = at.word(bytes + 2);
    bytes += 4;
  }
  at.skip(bytes);
  headers.malformed = false;
  if (headers.type == Headers::kIpv4) read_ipv4(headers, at, length - bytes);
  if (headers.type == Headers::kIpv6) read_ipv6(headers, at, length - bytes);
  return headers;
}

Headers read_headers(const Buffer& frame) {
  if (frame.next() == nullptr) {
    return read_headers(frame.bytes().first(std::min(frame.length(), Headers::kLookedAt)),
                        frame.length());
  }
  std::array<std::byte, Headers::kLookedAt> copy;
  std::size_t used = 0;
  for (const Buffer* part = &frame; part != nullptr && used < copy.size(); part = part->next()) {
    const auto bytes = std::min<std::size_t>(part->length(), copy.size() - used);
    if (bytes > 0) std::memcpy(&copy[used], part->data(), bytes);
    used += bytes;
  }
  return read_headers(std::span{copy}.first(used), packet_length(frame));
}

}  // namespace atl
