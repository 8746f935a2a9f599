// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/assert.hpp>
#include <atoll/virtio/in_flight.hpp>
#include <cstdint>
#include <utility>

namespace atl::virtio {

const char* describe(RingFault fault) {
  switch (fault) {
    case RingFault::kNone:
      return "nothing";
    case RingFault::kTooMany:
      return "more buffers used than the device has";
    case RingFault::kUnknownId:
      return "a buffer used that there is not";
    case RingFault::kNotItsOwn:
      return "a buffer used that the device does not have";
    case RingFault::kTooLong:
      return "more written than a buffer has room for";
  }
  return "unknown";
}

InFlight::InFlight(std::span<Slot> slots)
    : slots_(slots), free_(static_cast<std::uint16_t>(slots.size())) {
  ATOLL_ASSERT(!slots.empty() && slots.size() <= 32'768);
  for (std::uint16_t id = 0; id < free_; ++id) {
    slots_[id] = {.next = static_cast<std::uint16_t>(id + 1)};
  }
}

std::optional<std::uint16_t> InFlight::begin(std::span<const Segment> readable,
                                             std::span<const Segment> writable, void* token) {
  const std::size_t count = readable.size() + writable.size();
  ATOLL_ASSERT(count > 0);
  if (count > free_) return std::nullopt;
  std::uint64_t room = 0;
  for (const Segment& segment : writable) room += segment.length;
  const bool more_than_a_ring_can_tell = room > UINT32_MAX;
  ATOLL_ASSERT(!more_than_a_ring_can_tell);
  const std::uint16_t id = first_free_;
  std::uint16_t last = id;
  for (std::size_t left = count; left > 1; --left) last = slots_[last].next;
  first_free_ = slots_[last].next;
  slots_[id].token = token;
  slots_[id].writable = static_cast<std::uint32_t>(room);
  slots_[id].count = static_cast<std::uint16_t>(count);
  slots_[id].last = last;
  free_ = static_cast<std::uint16_t>(free_ - count);
  ++buffers_;
  return id;
}

bool InFlight::end(std::uint32_t id, std::uint32_t written, Completion& completion) {
  if (id >= slots_.size()) return set_fault(RingFault::kUnknownId), false;
  const Slot& slot = slots_[id];
  if (slot.count == 0) return set_fault(RingFault::kNotItsOwn), false;
  if (written > slot.writable) return set_fault(RingFault::kTooLong), false;
  completion = {release(static_cast<std::uint16_t>(id)), written};
  return true;
}

// Those of one buffer are linked as they were when they were free.
void* InFlight::release(std::uint16_t id) {
  Slot& slot = slots_[id];
  free_ = static_cast<std::uint16_t>(free_ + slot.count);
  --buffers_;
  slots_[slot.last].next = std::exchange(first_free_, id);
  slot.count = 0;
  return std::exchange(slot.token, nullptr);
}

void* InFlight::reclaim() {
  for (std::uint32_t id = 0; id < slots_.size() && buffers_ > 0; ++id) {
    if (slots_[id].count > 0) return release(static_cast<std::uint16_t>(id));
  }
  return nullptr;
}

}  // namespace atl::virtio
