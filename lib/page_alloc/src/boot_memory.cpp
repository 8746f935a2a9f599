// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "boot_memory.hpp"

namespace atl::page_alloc {
namespace {

/// `range` without what lies beyond the last physical address.
PhysRange bounded(PhysRange range) {
  if (range.start.value() >= PageAllocator::kAddressEnd) return {};
  const std::uint64_t room = PageAllocator::kAddressEnd - range.start.value();
  return {range.start, range.size < room ? range.size : room};
}

PhysRange whole_pages_around(PhysRange range) {
  range = bounded(range);
  if (range.empty()) return {};
  const PhysAddr start = range.start.align_down(kPageSize);
  return {start, range.end().align_up(kPageSize) - start};
}

PhysRange whole_pages_within(PhysRange range) {
  range = bounded(range);
  const PhysAddr start = range.start.align_up(kPageSize);
  const PhysAddr end = range.end().align_down(kPageSize);
  return start < end ? PhysRange{start, end - start} : PhysRange{};
}

/// The lowest range in the way of `free`, a part of the usable region number
/// `index`; empty where nothing is. Of two usable regions that overlap, the
/// first counts.
PhysRange lowest_obstacle(const BootInfo& info, std::size_t index, PhysRange free) {
  PhysRange lowest;
  const auto consider = [&](PhysRange claimed) {
    // Most claims lie elsewhere; neither comparison can wrap around.
    if (claimed.empty() || claimed.start >= free.end()) return;
    if (claimed.start < free.start && claimed.size <= free.start - claimed.start) return;
    const PhysRange pages = whole_pages_around(claimed);
    if (lowest.empty() || pages.start < lowest.start) lowest = pages;
  };
  consider({PhysAddr{0}, kPageSize});
  consider(info.image);
  consider(info.initial_ram_disk);
  consider(info.device_tree);
  for (std::size_t i = 0; i != info.memory().size(); ++i) {
    const MemoryRegion& region = info.memory()[i];
    if (region.kind != MemoryKind::kUsable || i < index) consider(region.range);
  }
  return lowest;
}

}  // namespace

void add_boot_memory(PageAllocator& allocator, const BootInfo& info) {
  for (std::size_t i = 0; i != info.memory().size(); ++i) {
    if (info.memory()[i].kind != MemoryKind::kUsable) continue;
    PhysRange rest = whole_pages_within(info.memory()[i].range);
    while (!rest.empty()) {
      const PhysRange obstacle = lowest_obstacle(info, i, rest);
      const PhysAddr end = obstacle.empty() ? rest.end() : obstacle.start;
      // Pieces never overlap, and there are fewer than kMaxRegions.
      if (end > rest.start) static_cast<void>(allocator.add_region({rest.start, end - rest.start}));
      if (obstacle.empty() || obstacle.end() >= rest.end()) break;
      rest = {obstacle.end(), rest.end() - obstacle.end()};
    }
  }
}

}  // namespace atl::page_alloc
