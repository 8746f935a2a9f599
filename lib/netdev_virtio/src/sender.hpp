// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <atoll/netdev.hpp>
#include <cstring>

#include "format.hpp"
#include "packet_queue.hpp"

namespace atl::netdev_virtio {

/// The sending side of a queue (§5.1.6.2).
template <typename Ring>
class Sender final : public PacketQueue<Ring> {
 public:
  /// Buffers with data that a packet may have; of as many, the longest one needs no more than
  /// half.
  static constexpr std::size_t kPieces = 68;

  using Outcome = Netdev::Outcome;

  Sender(Owned<virtio::Queue<Ring>> queue, BufferPool& pool)
      : PacketQueue<Ring>(std::move(queue)), pool_(pool) {}
  using PacketQueue<Ring>::ring;

  /// Gives back what has been sent: how many packets.
  std::size_t collect() {
    std::size_t count = 0;
    for (virtio::Completion completion; ring().take(completion); ++count) {
      Packet{static_cast<Buffer*>(completion.token)}.reset();
    }
    return count;
  }

  /// Adds `packet`, which then is null, to what the device is shown by flush(). Where it is not
  /// taken it is as it was.
  Outcome add(Packet& packet, std::uint64_t /*length*/) {
    // What others read as well, or has no room in front, gets a buffer for the header alone.
    const bool alone = packet->shared() || packet->headroom() < kHeader;
    const Header header = header_of(packet->offload);
    if (alone) {
      Packet first = pool_.allocate();
      if (!first) return Outcome::kNoRoom;
      first->link(std::move(packet));
      packet = std::move(first);
    }
    std::memcpy(packet->prepend(kHeader), &header, sizeof header);
    const Outcome outcome = add_pieces(*packet);
    if (outcome == Outcome::kTaken) {
      static_cast<void>(packet.release());
      return outcome;
    }
    packet->remove_front(kHeader);
    if (alone) packet = packet->unlink();
    return outcome;
  }

  [[nodiscard]] std::string_view fault() const { return this->ring_fault(); }

  Netdev::Statistics counts;

 private:
  Outcome add_pieces(Buffer& packet) {
    if (packet.next() == nullptr) {
      return ring().add_readable(segment_of(packet), &packet) ? Outcome::kTaken : Outcome::kNoRoom;
    }
    std::array<virtio::Segment, kPieces> pieces;
    std::size_t count = 0;
    for (const Buffer* part = &packet; part != nullptr; part = part->next()) {
      if (part->length() == 0) continue;
      if (count == pieces.size()) return Outcome::kMalformed;
      pieces[count++] = segment_of(*part);
    }
    return add_segments(std::span{pieces}.first(count), packet);
  }
  Outcome add_segments(std::span<const virtio::Segment> segments, Buffer& packet) {
    if (ring().add(segments, {}, &packet)) return Outcome::kTaken;
    return segments.size() > ring().size() ? Outcome::kMalformed : Outcome::kNoRoom;
  }
  static virtio::Segment segment_of(const Buffer& part) {
    return {part.device_address().value(), part.length()};
  }

  BufferPool& pool_;
};

}  // namespace atl::netdev_virtio
