// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "format.hpp"

namespace atl::netdev_virtio {

namespace {

// §5.1.6.
constexpr std::uint8_t kNeedsChecksum = 1;
constexpr std::uint8_t kChecked = 2;
constexpr std::uint8_t kNone = 0;
constexpr std::uint8_t kTcp4 = 1;
constexpr std::uint8_t kTcp6 = 4;

}  // namespace

Header header_of(const Offload& offload) {
  Header header;
  if (offload.checksum != Offload::Checksum::kPartial) return header;
  header.flags = kNeedsChecksum;
  header.checksum_start = offload.checksum_start;
  header.checksum_offset = offload.checksum_offset;
  if (offload.segments == Offload::Segments::kNone) return header;
  header.segments = offload.segments == Offload::Segments::kTcp4 ? kTcp4 : kTcp6;
  header.header_bytes = offload.header_bytes;
  header.segment_bytes = offload.segment_bytes;
  return header;
}

bool read_header(const Header& header, Offload& offload) {
  offload = {};
  if ((header.flags & kNeedsChecksum) != 0) {
    offload.checksum = Offload::Checksum::kPartial;
    offload.checksum_start = header.checksum_start;
    offload.checksum_offset = header.checksum_offset;
  } else if ((header.flags & kChecked) != 0) {
    offload.checksum = Offload::Checksum::kChecked;
  }
  if (header.segments == kNone) return true;
  if (header.segments != kTcp4 && header.segments != kTcp6) return false;
  offload.segments = header.segments == kTcp4 ? Offload::Segments::kTcp4 : Offload::Segments::kTcp6;
  offload.segment_bytes = header.segment_bytes;
  offload.header_bytes = header.header_bytes;
  return true;
}

}  // namespace atl::netdev_virtio
