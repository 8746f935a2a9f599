// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/clock.hpp>
#include <atoll/direct_map.hpp>
#include <atoll/make.hpp>
#include <atoll/page_alloc.hpp>
#include <atoll/virtio/queue.hpp>

#include "format.hpp"

namespace atl::netdev_virtio {

/// The control virtqueue (§5.1.6.5): one command at a time, whose answer is waited for. Threads
/// only.
template <typename Ring>
class ControlQueue final : public OnHeap<ControlQueue<Ring>> {
 public:
  /// How long an answer is waited for.
  static constexpr Nanoseconds kPatience = 1_s;

  /// Queue `index` of `device`, which has agreed on `features`. kNoMemory; errors of
  /// Device::enable_queue().
  static Result<Owned<ControlQueue>> create(virtio::Device& device, std::uint16_t index,
                                            std::uint64_t features) {
    auto made = TRY(make<ControlQueue>());
    made->page_ = TRY(page_alloc::allocate(PageCount{1}));
    made->queue_ = TRY(virtio::Queue<Ring>::create(device, index, kDescriptors, features, {}));
    return made;
  }
  /// Only for create().
  ControlQueue() = default;
  /// The device has been reset.
  ~ControlQueue() {
    if (page_.value() != 0) page_alloc::free(page_, PageCount{1});
  }

  /// The device uses the first `pairs` pairs of queues (§5.1.6.5.6), as many as it has or fewer.
  /// kTimedOut where it does not answer; kProtocol where it refuses, or breaks its ring.
  Result<void> set_pairs(std::uint16_t pairs) {
    auto& room = *to_virtual(page_).template as<Room>();
    room = {.command = {.pairs = pairs}};
    const virtio::Segment command{page_.value(), sizeof room.command};
    const virtio::Segment answer{page_.value() + offsetof(Room, answer), sizeof room.answer};
    queue_->add({&command, 1}, {&answer, 1}, this);
    queue_->flush();
    TRY(wait());
    return room.answer == kDone ? Result<void>{} : fail(Errc::kProtocol);
  }

  /// Lets everything be as it is, for a device that does not stop.
  void abandon() {
    static_cast<void>(queue_.release());
    page_ = {};
  }

 private:
  static constexpr std::uint16_t kDescriptors = 2;  // of a command and its answer

  // In a page that holds nothing else.
  struct Room {
    PairsCommand command;
    std::uint8_t answer = 0xff;
  };

  Result<void> wait() {
    const Nanoseconds end = clock::now() + kPatience;
    for (virtio::Completion completion; !queue_->take(completion);) {
      if (queue_->fault() != virtio::RingFault::kNone) return fail(Errc::kProtocol);
      if (clock::now() >= end) return fail(Errc::kTimedOut);
    }
    return {};
  }

  PhysAddr page_;
  Owned<virtio::Queue<Ring>> queue_;
};

}  // namespace atl::netdev_virtio
