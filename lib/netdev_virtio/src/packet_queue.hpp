// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/buffer_pool.hpp>
#include <atoll/virtio/queue.hpp>

namespace atl::netdev_virtio {

/// A virtqueue whose buffers are packets, or parts of them.
template <typename Ring>
class PacketQueue {
 public:
  explicit PacketQueue(Owned<virtio::Queue<Ring>> queue) : ring_(std::move(queue)) {}
  /// The device has been reset: what it had goes back to its pools.
  ~PacketQueue() {
    if (!ring_) return;
    while (void* const token = ring_->reclaim()) Packet{static_cast<Buffer*>(token)}.reset();
  }
  PacketQueue(const PacketQueue&) = delete;
  PacketQueue& operator=(const PacketQueue&) = delete;

  [[nodiscard]] virtio::Queue<Ring>& ring() { return *ring_; }
  [[nodiscard]] const virtio::Queue<Ring>& ring() const { return *ring_; }
  /// What the device broke of the ring's protocol; empty where nothing.
  [[nodiscard]] std::string_view ring_fault() const {
    const virtio::RingFault fault = ring_->fault();
    return fault == virtio::RingFault::kNone ? std::string_view{} : describe(fault);
  }
  /// Lets everything be as it is, for a device that does not stop.
  void abandon() { static_cast<void>(ring_.release()); }

 private:
  Owned<virtio::Queue<Ring>> ring_;
};

}  // namespace atl::netdev_virtio
