// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <atoll/assert.hpp>
#include <atoll/buffer.hpp>
#include <cstddef>
#include <span>
#include <utility>

namespace atl {

/// Packets on their way from one element to the next, in order. They go back to their pools with
/// it. Threads; O(1) for each packet.
class PacketBatch {
 public:
  static constexpr std::size_t kMost = 32;

  PacketBatch() = default;
  PacketBatch(const PacketBatch&) = delete;
  PacketBatch& operator=(const PacketBatch&) = delete;

  [[nodiscard]] std::size_t size() const { return count_; }
  [[nodiscard]] bool empty() const { return count_ == 0; }
  [[nodiscard]] bool full() const { return count_ == kMost; }
  [[nodiscard]] std::span<Packet> packets() { return {packets_.data(), count_}; }

  /// One more, behind the others; not where it is full().
  void add(Packet packet) {
    ATOLL_ASSERT(!full());
    packets_[count_++] = std::move(packet);
  }

  /// Adds what `receive` puts into the room that is left: how many it says that they are.
  template <typename Receive>
  std::size_t fill(Receive receive) {
    const std::size_t got = receive(std::span{packets_}.subspan(count_));
    count_ += got;
    return got;
  }

  /// Keeps those that `keep` (bool (Packet&)) is true for, in order; what it leaves of the others
  /// goes back. How many those are.
  template <typename Keep>
  std::size_t keep_if(Keep keep) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < count_; ++i) {
      if (!keep(packets_[i])) {
        packets_[i].reset();
      } else if (i == kept++) {
        continue;
      } else {
        packets_[kept - 1] = std::move(packets_[i]);
      }
    }
    return std::exchange(count_, kept) - kept;
  }

  /// The first `count` are somebody else's now, their handles empty: the others move up.
  void forget_front(std::size_t count) {
    ATOLL_ASSERT(count <= count_);
    count_ -= count;
    if (count == 0) return;
    for (std::size_t i = 0; i < count_; ++i) packets_[i] = std::move(packets_[count + i]);
  }

  /// All go back.
  void clear() {
    for (Packet& packet : packets()) packet.reset();
    count_ = 0;
  }

 private:
  std::size_t count_ = 0;
  std::array<Packet, kMost> packets_;
};

/// Makes the first `bytes` of a packet lie in its first buffer, so that a header can be looked at
/// or changed in place: those of buffers that follow move up. False, and nothing is lost, where
/// the packet is shorter, shared, or its first buffer has no room.
bool gather(Buffer& packet, std::uint32_t bytes);

}  // namespace atl
