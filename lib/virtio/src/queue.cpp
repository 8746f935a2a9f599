// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/direct_map.hpp>
#include <atoll/page_alloc.hpp>
#include <atoll/virtio/queue.hpp>
#include <cstring>

namespace atl::virtio {

Result<QueueMemory> QueueMemory::allocate(std::size_t ring_bytes, std::uint16_t size) {
  QueueMemory memory{.start = {},
                     .ring_pages = PageCount::holding(ring_bytes),
                     .slot_pages = PageCount::holding(std::uint64_t{size} * sizeof(InFlight::Slot)),
                     .size = size};
  const PageCount pages = memory.ring_pages + memory.slot_pages;
  memory.start = TRY(page_alloc::allocate(pages));
  std::memset(memory.ring(), 0, pages.bytes());
  return memory;
}

void QueueMemory::free() const { page_alloc::free(start, ring_pages + slot_pages); }

std::byte* QueueMemory::ring() const { return to_virtual(start).as<std::byte>(); }

std::span<InFlight::Slot> QueueMemory::slots() const {
  return {to_virtual(start + ring_pages.bytes()).as<InFlight::Slot>(), size};
}

}  // namespace atl::virtio
