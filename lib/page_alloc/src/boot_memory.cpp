// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "boot_memory.hpp"

namespace atl::page_alloc {

void add_boot_memory(PageAllocator& allocator, const BootInfo& info) {
  static_assert(PageAllocator::kMaxRegions >= BootInfo::kMaxRegions);
  for (const MemoryRegion& region : info.memory()) {
    if (region.kind != MemoryKind::kUsable) continue;
    PhysAddr start = region.range.start.align_up(kPageSize);
    const PhysAddr end = region.range.end().align_down(kPageSize);
    // Address 0 stays what it is everywhere else: nothing.
    if (start == PhysAddr{0}) start += kPageSize;
    // A region that breaks the promise is refused, and missed by nobody.
    if (start < end) static_cast<void>(allocator.add_region({start, end - start}));
  }
}

}  // namespace atl::page_alloc
