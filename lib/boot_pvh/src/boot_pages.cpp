// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "boot_pages.hpp"

#include <cstring>

namespace atl::boot_pvh {

BootPages::BootPages(const BootInfo& info, PhysAddr limit, PhysRange zeros) : zeros_(zeros) {
  for (const MemoryRegion& region : info.memory()) {
    if (region.kind != MemoryKind::kUsable) continue;
    PhysAddr start = region.range.start.align_up(kPageSize);
    PhysAddr end = region.range.end() < limit ? region.range.end() : limit;
    end = end.align_down(kPageSize);
    // Address 0 says "none", and page 0 is nobody's.
    if (start == PhysAddr{}) start = PhysAddr{kPageSize};
    if (start < end && end - start > end_ - start_) {
      start_ = start;
      end_ = end;
    }
  }
  next_ = start_;
}

PhysAddr BootPages::take(PageCount pages) {
  if (pages.bytes() > end_ - next_) return PhysAddr{};
  const PhysAddr first = next_;
  next_ += pages.bytes();
  return first;
}

PhysAddr BootPages::take_zeroed() {
  if (!zeros_.empty()) {
    const PhysAddr first = zeros_.start;
    zeros_ = {first + kPageSize, zeros_.size - kPageSize};
    return first;
  }
  const PhysAddr page = take(PageCount{1});
  if (page != PhysAddr{}) {
    std::memset(VirtAddr{page.value()}.as(), 0, kPageSize);
  }
  return page;
}

}  // namespace atl::boot_pvh
