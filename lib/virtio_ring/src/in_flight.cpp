// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/assert.hpp>
#include <atoll/virtio/in_flight.hpp>
#include <cstdint>

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

void* InFlight::reclaim() {
  for (std::uint32_t id = 0; id < slots_.size() && buffers_ > 0; ++id) {
    if (slots_[id].count > 0) return release(static_cast<std::uint16_t>(id));
  }
  return nullptr;
}

}  // namespace atl::virtio
