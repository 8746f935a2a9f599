// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/make.hpp>
#include <atoll/owned.hpp>
#include <atoll/virtio.hpp>
#include <atoll/virtio/packed_ring.hpp>
#include <atoll/virtio/split_ring.hpp>
#include <cstddef>
#include <cstdint>
#include <span>

namespace atl::virtio {

/// Pages for a ring and, in others, its slots. Move-only in spirit, as vm::Stack.
struct QueueMemory {
  /// Zeroed. kNoMemory.
  static Result<QueueMemory> allocate(std::size_t ring_bytes, std::uint16_t size);
  void free() const;

  [[nodiscard]] std::byte* ring() const;
  [[nodiscard]] std::span<InFlight::Slot> slots() const;

  PhysAddr start;  ///< of the ring
  PageCount ring_pages;
  PageCount slot_pages;
  std::uint16_t size = 0;
};

/// A virtqueue in use: its ring, its memory, and the device that it belongs to. Context and
/// promises as SplitRing.
template <typename Ring>
class Queue final : public Ring, public OnHeap<Queue<Ring>> {
 public:
  /// Queue `index` of `device`, which has agreed on `features`, with as many descriptors as it
  /// offers, at most `largest`. kNoMemory; errors of Device::enable_queue().
  static Result<Owned<Queue>> create(Device& device, std::uint16_t index, std::uint16_t largest,
                                     std::uint64_t features, Interrupt interrupt) {
    const std::uint16_t size =
        Ring::largest_size(std::min(largest, TRY(device.largest_queue(index))));
    const typename Ring::Layout layout{size};
    const QueueMemory memory = TRY(QueueMemory::allocate(layout.bytes, size));
    auto made = make<Queue>(device, index, memory, (features & feature::kEventIndex) != 0);
    if (!made.ok()) {
      memory.free();
      return fail(made.error());
    }
    TRY(device.enable_queue(
        index, {size, memory.start, memory.start + layout.driver, memory.start + layout.device},
        interrupt));
    return made;
  }

  /// Only for create(). The memory is the queue's from here on.
  Queue(Device& device, std::uint16_t index, const QueueMemory& memory, bool event_index)
      : Ring(memory.ring(), memory.slots(), event_index),
        device_(device),
        memory_(memory),
        index_(index) {}
  /// The device has been reset, or never had it.
  ~Queue() { memory_.free(); }

  /// Shows the device what has been added, and tells it where it wants to be told.
  void flush() {
    if (!Ring::publish()) return;
    ++notifications_;
    device_.notify(index_);
  }
  /// How often the device was told: each is an exit to the hypervisor.
  [[nodiscard]] std::uint64_t notifications() const { return notifications_; }

 private:
  Device& device_;
  QueueMemory memory_;
  std::uint16_t index_;
  std::uint64_t notifications_ = 0;
};

}  // namespace atl::virtio
