// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/assert.hpp>
#include <atoll/direct_map.hpp>
#include <atoll/page_alloc.hpp>
#include <new>

#include "page.hpp"

namespace atl {
namespace {

constexpr unsigned kRunOrder = 2;

PhysAddr physical(std::uintptr_t address) { return to_physical(VirtAddr{address}); }

}  // namespace

BuddyAllocator::Run& BuddyAllocator::run_of(std::uintptr_t block) const {
  Run* const run = runs_.lower_bound(block);
  const bool block_in_use = run != nullptr && run->start == block;
  ATOLL_ASSERT(block_in_use);
  return *run;
}

void* BuddyAllocator::allocate_run(PageCount pages, PageCount alignment) {
  static_assert(order_for(sizeof(Run)) == kRunOrder);
  void* const room = allocate_small(kRunOrder);
  if (room == nullptr) return nullptr;
  auto start = page_alloc::allocate(pages, alignment);
  if (!start) {
    free_small(room);
    return nullptr;
  }
  Run& run = *::new (room) Run;
  run.start = static_cast<std::uintptr_t>(to_virtual(start.value()).value());
  run.pages = pages.count;
  runs_.insert(run);
  now_.reserved += pages.bytes();
  count(pages.bytes(), 0);
  return reinterpret_cast<void*>(run.start);
}

void BuddyAllocator::free_run(void* block) {
  Run& run = run_of(reinterpret_cast<std::uintptr_t>(block));
  const PageCount pages{run.pages};
  runs_.remove(run);
  page_alloc::free(physical(run.start), pages);
  free_small(&run);
  now_.reserved -= pages.bytes();
  count(0, pages.bytes());
}

bool BuddyAllocator::resize_run(std::uintptr_t block, PageCount pages) {
  Run& run = run_of(block);
  const PageCount old{run.pages};
  if (pages > old) {
    if (!page_alloc::allocate_at(physical(block + old.bytes()), pages - old)) return false;
  } else if (pages < old) {
    page_alloc::free(physical(block + pages.bytes()), old - pages);
  }
  run.pages = pages.count;
  now_.reserved += pages.bytes() - old.bytes();
  count(pages.bytes(), old.bytes());
  return true;
}

}  // namespace atl
