// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <algorithm>
#include <array>
#include <atoll/buffer_pool.hpp>
#include <atoll/netdev.hpp>
#include <cstdint>
#include <cstring>

/// TCP segments over IPv4 (RFC 791 §3.1, RFC 9293 §3.1) to everybody, as a program leaves them to
/// a device: with the sum of the pseudo header alone.
namespace atl::segments {

inline constexpr std::uint32_t kHeaders = 54;
inline constexpr std::uint32_t kIp = 14, kTcp = 34, kSum = kTcp + 16;

inline std::uint16_t word(const std::byte* at) {
  return static_cast<std::uint16_t>(static_cast<unsigned>(at[0]) << 8 |
                                    static_cast<unsigned>(at[1]));
}
inline void put(std::byte* at, std::uint32_t value) {
  at[0] = static_cast<std::byte>(value >> 8);
  at[1] = static_cast<std::byte>(value);
}

/// The sum of RFC 1071 over bytes that come in parts of any length.
class Sum {
 public:
  void add(std::span<const std::byte> bytes) {
    for (const std::byte one : bytes) {
      sum_ += static_cast<std::uint32_t>(one) << (odd_ ? 0 : 8);
      odd_ = !odd_;
    }
  }
  void add(std::uint32_t value) { sum_ += value; }
  [[nodiscard]] std::uint16_t folded() const {
    std::uint64_t sum = sum_;
    while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
    return static_cast<std::uint16_t>(sum);
  }

 private:
  std::uint64_t sum_ = 0;
  bool odd_ = false;
};

inline std::byte payload_byte(std::uint32_t number, std::uint32_t index) {
  return static_cast<std::byte>(number * 17 + index * 5 + (index >> 8));
}

inline void add_pseudo_header(Sum& sum, const std::byte* frame, std::uint32_t bytes_of_tcp) {
  sum.add({frame + kIp + 12, 8});
  sum.add(6);
  sum.add(bytes_of_tcp);
}

/// Segment `number` with so many bytes of payload, to be cut into segments of `each` where that
/// is not 0. Null without buffers.
inline Packet make(BufferPool& pool, std::uint32_t number, std::uint32_t payload,
                   std::uint16_t each = 0) {
  Packet first = pool.allocate();
  if (!first) return first;
  std::byte* const frame = first->append(kHeaders);
  std::memset(frame, 0, kHeaders);
  std::memset(frame, 0xff, 6);
  frame[6] = std::byte{2};
  put(frame + 12, 0x0800);
  frame[kIp] = std::byte{0x45};
  put(frame + kIp + 2, kHeaders - kIp + payload);
  put(frame + kIp + 4, number);
  frame[kIp + 8] = std::byte{64};
  frame[kIp + 9] = std::byte{6};
  put(frame + kIp + 12, 198u << 8 | 18);
  put(frame + kIp + 14, 1);
  put(frame + kIp + 16, 198u << 8 | 18);
  put(frame + kIp + 18, 2);
  Sum of_ip;
  of_ip.add({frame + kIp, kTcp - kIp});
  put(frame + kIp + 10, 0xffffu ^ of_ip.folded());
  put(frame + kTcp, 4000 + number);
  put(frame + kTcp + 2, 9);
  frame[kTcp + 12] = std::byte{0x50};
  frame[kTcp + 13] = std::byte{0x10};  // an acknowledgement, as those in a stream are
  put(frame + kTcp + 14, 0xffff);
  Sum of_pseudo_header;
  add_pseudo_header(of_pseudo_header, frame, kHeaders - kTcp + payload);
  put(frame + kSum, of_pseudo_header.folded());

  Buffer* last = first.get();
  for (std::uint32_t at = 0; at < payload;) {
    if (last->tailroom() == 0) {
      Packet next = pool.allocate();
      if (!next) return {};
      Buffer* const added = next.get();
      last->link(std::move(next));
      last = added;
    }
    const std::uint32_t part = std::min(last->tailroom(), payload - at);
    std::byte* const into = last->append(part);
    for (std::uint32_t i = 0; i < part; ++i) into[i] = payload_byte(number, at + i);
    at += part;
  }
  first->offload = {.checksum = Offload::Checksum::kPartial,
                    .checksum_start = kTcp,
                    .checksum_offset = kSum - kTcp};
  if (each == 0) return first;
  first->offload.segments = Offload::Segments::kTcp4;
  first->offload.segment_bytes = each;
  first->offload.header_bytes = kHeaders;
  return first;
}

/// Whether it is one of those of `number`.
inline bool is_of(const Buffer& frame, std::uint32_t number) {
  return frame.length() >= kHeaders && word(frame.data() + 12) == 0x0800 &&
         frame.data()[kIp + 9] == std::byte{6} && word(frame.data() + kTcp) == 4000 + number;
}

/// Where its payload begins in the whole one.
inline std::uint32_t place(const Buffer& frame) { return word(frame.data() + kTcp + 6); }

/// Whether its payload is what make() has written there.
inline bool has_payload(const Buffer& frame, std::uint32_t number) {
  std::uint32_t skip = kHeaders;
  std::uint32_t at = place(frame);
  for (const Buffer* part = &frame; part != nullptr; part = part->next()) {
    for (const std::byte byte : part->bytes()) {
      if (skip > 0) {
        --skip;
      } else if (byte != payload_byte(number, at++)) {
        return false;
      }
    }
  }
  return true;
}

/// Whether its sum is that of all of it.
inline bool has_sum(const Buffer& frame) {
  Sum sum;
  add_pseudo_header(sum, frame.data(), static_cast<std::uint32_t>(packet_length(frame)) - kTcp);
  std::uint32_t skip = kTcp;
  for (const Buffer* part = &frame; part != nullptr; part = part->next()) {
    sum.add(part->bytes().subspan(skip));
    skip = 0;
  }
  return sum.folded() == 0xffff;
}

}  // namespace atl::segments
