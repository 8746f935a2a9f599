// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <algorithm>
#include <array>
#include <atoll/netdev.hpp>
#include <cstring>

#include "format.hpp"
#include "packet_queue.hpp"

namespace atl::netdev_virtio {

/// The receiving side of a queue (§5.1.6.3, §5.1.6.4): buffers that wait for packets, and
/// packets put together from those that come back.
template <typename Ring>
class Receiver final : public PacketQueue<Ring> {
 public:
  using Arrived = Netdev::Arrived;

  Receiver(Owned<virtio::Queue<Ring>> queue, BufferPool& pool, bool mergeable)
      : PacketQueue<Ring>(std::move(queue)), pool_(pool), mergeable_(mergeable) {}
  using PacketQueue<Ring>::ring;

  /// The next packet; a null one where there is none, or where the device is faulty.
  Arrived next() {
    for (virtio::Completion completion; ring().take(completion);) {
      Packet part{static_cast<Buffer*>(completion.token)};
      if (missing_ == 0) {
        if (!begin(*part, completion.written)) return {std::move(part), 0, false};
        if (missing_ == 1) {
          missing_ = 0;
          const std::uint64_t length = part->length();
          return {std::move(part), length, sound_};
        }
      } else {
        part->clear(kOffset);
        part->append(completion.written);
      }
      length_ += part->length();
      Buffer* const end = part.get();
      if (last_ != nullptr) {
        last_->link(std::move(part));
      } else {
        packet_ = std::move(part);
      }
      last_ = end;
      if (--missing_ > 0) continue;
      last_ = nullptr;
      return {std::move(packet_), length_, sound_};
    }
    return {};
  }

  /// Gives the device buffers until it has as many as it may, or the pool has no more: how many
  /// it has. It learns of them by flush().
  std::size_t fill() {
    while (ring().descriptors_free() > 0) {
      if (!add_some()) break;
    }
    return ring().buffers();
  }

  /// What the device broke; empty where nothing.
  [[nodiscard]] std::string_view fault() const {
    return fault_.empty() ? this->ring_fault() : fault_;
  }

  Netdev::Statistics counts;

 private:
  // Where the device writes in a buffer, so that data is where it is in a fresh one.
  static constexpr std::uint32_t kOffset = Buffer::kHeadroom - kHeader;

  // False where the pool has no more.
  bool add_some() {
    std::array<Packet, 16> fresh;
    const std::size_t wanted = std::min<std::size_t>(fresh.size(), ring().descriptors_free());
    const std::size_t got = pool_.allocate(std::span{fresh}.first(wanted));
    for (Packet& packet : std::span{fresh}.first(got)) {
      packet->clear(kOffset);
      const virtio::Segment room{packet->device_address().value(), packet->tailroom()};
      ring().add_writable(room, packet.release());
    }
    return got == wanted;
  }

  /// The first buffer of a packet: false where it is not even a header.
  bool begin(Buffer& part, std::uint32_t written) {
    part.clear(kOffset);
    part.append(written);
    if (written < kHeader) return false;
    Header header;
    std::memcpy(&header, part.data(), sizeof header);
    part.remove_front(kHeader);
    missing_ = mergeable_ ? header.buffers : 1;
    if (missing_ == 0 || missing_ > ring().size()) {
      fault_ = "a packet in an impossible number of buffers";
      missing_ = 0;
      return false;
    }
    length_ = 0;
    sound_ = read_header(header, part.offload);
    return true;
  }

  BufferPool& pool_;
  bool mergeable_;
  std::string_view fault_;

  // A packet of which a part has come.
  Packet packet_;
  Buffer* last_ = nullptr;
  std::uint32_t missing_ = 0;
  std::uint64_t length_ = 0;
  bool sound_ = false;
};

}  // namespace atl::netdev_virtio
