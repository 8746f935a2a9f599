// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/virtio/in_flight.hpp>

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
  for (std::uint16_t id = 0; id < free_; ++id) {
    slots_[id] = {.next = static_cast<std::uint16_t>(id + 1)};
  }
}

RingFault InFlight::end(std::uint32_t id, std::uint32_t written, Completion& completion) {
  if (id >= slots_.size()) return RingFault::kUnknownId;
  Slot& slot = slots_[id];
  if (slot.count == 0) return RingFault::kNotItsOwn;
  if (written > slot.writable) return RingFault::kTooLong;
  completion = {slot.token, written};
  free_ = static_cast<std::uint16_t>(free_ + slot.count);
  --buffers_;
  // Those of one buffer are linked as they were when they were free.
  Slot& last = slots_[slot.last];
  const std::uint16_t behind = slot.next;
  slot = {.next = behind};
  last.next = first_free_;
  first_free_ = static_cast<std::uint16_t>(id);
  return RingFault::kNone;
}

void* InFlight::take_back() {
  for (std::uint32_t id = 0; id < slots_.size() && buffers_ > 0; ++id) {
    Completion completion;
    if (end(id, 0, completion) == RingFault::kNone) return completion.token;
  }
  return nullptr;
}

std::uint16_t InFlight::begin(void* token, std::uint32_t writable, std::uint16_t count) {
  const std::uint16_t id = first_free_;
  std::uint16_t last = id;
  for (std::uint16_t left = count; left > 1; --left) last = slots_[last].next;
  first_free_ = slots_[last].next;
  slots_[id].token = token;
  slots_[id].writable = writable;
  slots_[id].count = count;
  slots_[id].last = last;
  free_ = static_cast<std::uint16_t>(free_ - count);
  ++buffers_;
  return id;
}

}  // namespace atl::virtio
