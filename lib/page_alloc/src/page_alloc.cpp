// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/lock.hpp>
#include <atoll/page_alloc.hpp>

#include "boot_memory.hpp"
#include "page_allocator.hpp"

namespace atl {
namespace page_alloc {
namespace {

constinit Locked<PageAllocator, IrqSpinLock> allocator;

/// What cannot be a number of bytes becomes a range that is refused.
PhysRange range_of(PhysAddr start, PageCount pages) {
  const bool sane = pages.count <= PageAllocator::kAddressEnd >> kPageShift;
  return {start, sane ? pages.bytes() : 0};
}

}  // namespace

Result<PhysAddr> allocate(PageCount pages, PageCount alignment) {
  return allocator.with([&](PageAllocator& pool) { return pool.allocate(pages, alignment); });
}

Result<void> allocate_at(PhysAddr start, PageCount pages) {
  return allocator.with(
      [&](PageAllocator& pool) { return pool.allocate_at(range_of(start, pages)); });
}

void free(PhysAddr start, PageCount pages) {
  allocator.with([&](PageAllocator& pool) { pool.free(range_of(start, pages)); });
}

Result<void> add_region(PhysRange range) {
  return allocator.with([&](PageAllocator& pool) { return pool.add_region(range); });
}

Result<void> remove_region(PhysRange range) {
  return allocator.with([&](PageAllocator& pool) { return pool.remove_region(range); });
}

Statistics statistics() {
  return allocator.with([](PageAllocator& pool) { return pool.statistics(); });
}

}  // namespace page_alloc

/// Boot step: kNoMemory where the boot map leaves no whole page.
Result<void> page_alloc_init();
Result<void> page_alloc_init() {
  return page_alloc::allocator.with([](page_alloc::PageAllocator& pool) -> Result<void> {
    page_alloc::add_boot_memory(pool, boot_info());
    if (pool.statistics().total.count == 0) return fail(Errc::kNoMemory);
    return {};
  });
}

}  // namespace atl
