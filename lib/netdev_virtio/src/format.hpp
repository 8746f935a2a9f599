// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/buffer.hpp>
#include <cstdint>

/// What virtio 1.2 §5.1 says of network devices.
namespace atl::netdev_virtio {

// §5.1.3.
namespace feature {
inline constexpr std::uint64_t kChecksum = 1 << 0;
inline constexpr std::uint64_t kGuestChecksum = 1 << 1;
inline constexpr std::uint64_t kMtu = 1 << 3;
inline constexpr std::uint64_t kMac = 1 << 5;
inline constexpr std::uint64_t kGuestTcp4 = 1 << 7;
inline constexpr std::uint64_t kGuestTcp6 = 1 << 8;
inline constexpr std::uint64_t kHostTcp4 = 1 << 11;
inline constexpr std::uint64_t kHostTcp6 = 1 << 12;
inline constexpr std::uint64_t kMergeable = 1 << 15;
inline constexpr std::uint64_t kStatus = 1 << 16;
inline constexpr std::uint64_t kControl = 1 << 17;
inline constexpr std::uint64_t kMultiqueue = 1 << 22;
}  // namespace feature

// The configuration (§5.1.4).
namespace config {
inline constexpr std::uint32_t kMac = 0;
inline constexpr std::uint32_t kStatus = 6;
inline constexpr std::uint32_t kMostPairs = 8;
inline constexpr std::uint32_t kMtu = 10;
inline constexpr std::uint16_t kLinkUp = 1;  // of kStatus
}  // namespace config

// Where virtqueues stand that are agreed on as kMultiqueue (§5.1.2).
constexpr std::uint16_t receive_queue(std::uint16_t pair) {
  return static_cast<std::uint16_t>(2 * pair);
}
constexpr std::uint16_t send_queue(std::uint16_t pair) {
  return static_cast<std::uint16_t>(2 * pair + 1);
}
/// Behind those of all pairs that the device can have.
constexpr std::uint16_t control_queue(std::uint16_t most_pairs) {
  return receive_queue(most_pairs);
}

/// How many pairs are in use: what is put into the control queue (§5.1.6.5, §5.1.6.5.6).
struct PairsCommand {
  static constexpr std::uint8_t kMultiqueue = 4;
  static constexpr std::uint8_t kSetPairs = 0;

  std::uint8_t kind = kMultiqueue;
  std::uint8_t command = kSetPairs;
  std::uint16_t pairs = 1;
};
static_assert(sizeof(PairsCommand) == 4);
/// What the device answers in the byte behind a command that it has followed.
inline constexpr std::uint8_t kDone = 0;

/// What each packet begins with (§5.1.6).
struct Header {
  std::uint8_t flags = 0;
  std::uint8_t segments = 0;
  std::uint16_t header_bytes = 0;
  std::uint16_t segment_bytes = 0;
  std::uint16_t checksum_start = 0;
  std::uint16_t checksum_offset = 0;
  std::uint16_t buffers = 0;  ///< received: that the packet is in
};
inline constexpr std::uint32_t kHeader = sizeof(Header);
static_assert(kHeader == 12);

// §5.1.6.
namespace flag {
inline constexpr std::uint8_t kNeedsChecksum = 1;
inline constexpr std::uint8_t kChecked = 2;
}  // namespace flag
namespace segments {
inline constexpr std::uint8_t kNone = 0;
inline constexpr std::uint8_t kTcp4 = 1;
inline constexpr std::uint8_t kTcp6 = 4;
}  // namespace segments

/// The header of a packet to be sent.
inline Header header_of(const Offload& offload) {
  Header header;
  if (offload.checksum != Offload::Checksum::kPartial) return header;
  header.flags = flag::kNeedsChecksum;
  header.checksum_start = offload.checksum_start;
  header.checksum_offset = offload.checksum_offset;
  if (offload.segments == Offload::Segments::kNone) return header;
  header.segments =
      offload.segments == Offload::Segments::kTcp4 ? segments::kTcp4 : segments::kTcp6;
  header.header_bytes = offload.header_bytes;
  header.segment_bytes = offload.segment_bytes;
  return header;
}

/// What a received header says; false for what is none.
inline bool read_header(const Header& header, Offload& offload) {
  offload = {};
  if ((header.flags & flag::kNeedsChecksum) != 0) {
    offload.checksum = Offload::Checksum::kPartial;
    offload.checksum_start = header.checksum_start;
    offload.checksum_offset = header.checksum_offset;
  } else if ((header.flags & flag::kChecked) != 0) {
    offload.checksum = Offload::Checksum::kChecked;
  }
  if (header.segments == segments::kNone) return true;
  if (header.segments != segments::kTcp4 && header.segments != segments::kTcp6) return false;
  offload.segments =
      header.segments == segments::kTcp4 ? Offload::Segments::kTcp4 : Offload::Segments::kTcp6;
  offload.segment_bytes = header.segment_bytes;
  offload.header_bytes = header.header_bytes;
  return true;
}

}  // namespace atl::netdev_virtio
