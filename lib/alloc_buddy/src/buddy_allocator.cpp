// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/alloc_buddy.hpp>
#include <atoll/direct_map.hpp>
#include <atoll/page_alloc.hpp>
#include <bit>
#include <new>

#include "page.hpp"

namespace atl {
namespace {

/// More than any machine has, and far from where sums wrap around.
constexpr std::size_t kLimit = std::size_t{1} << 47;

std::uintptr_t address_of(const void* block) { return reinterpret_cast<std::uintptr_t>(block); }

bool is_run(std::uintptr_t block) { return block % kPageSize == 0; }

PageCount pages_for(std::size_t size) { return PageCount::holding(size == 0 ? 1 : size); }

}  // namespace

Result<Owned<Allocator>> BuddyAllocator::create() {
  const VirtAddr page = to_virtual(TRY(page_alloc::allocate({1})));
  // The first page holds the allocator between its header and its blocks.
  void* const room = VirtAddr{page + sizeof(Page)}.as();
  Page& first = *::new (page.as()) Page(static_cast<BuddyAllocator*>(room));
  return Owned<Allocator>{::new (room) BuddyAllocator(first)};
}

BuddyAllocator::BuddyAllocator(Page& first) {
  static_assert(sizeof(Page) % kUnit == 0 && alignof(BuddyAllocator) <= kUnit);
  // It is never without use, so that it is never given back.
  first.used = sizeof(BuddyAllocator);
  const std::size_t own = (sizeof(BuddyAllocator) + kUnit - 1) & ~(kUnit - 1);
  add_page(first, address_of(this) + own);
}

void BuddyAllocator::do_destroy() {
  while (Run* const run = runs_.first()) {
    runs_.remove(*run);
    page_alloc::free(to_physical(VirtAddr{run->start}), {run->pages});
  }
  // The allocator itself goes with the first page, which is the last in the list.
  for (Page* page = pages_; page != nullptr;) {
    Page* const next = page->next;
    page_alloc::free(to_physical(VirtAddr{page->start()}), {1});
    page = next;
  }
}

// Once, for its many callers.
void BuddyAllocator::count(std::size_t more, std::size_t less) { now_.count(more, less); }

void* BuddyAllocator::do_allocate(std::size_t size, std::size_t alignment) {
  if (!std::has_single_bit(alignment) || alignment > kDirectMapAlignment || size > kLimit)
    return nullptr;
  const std::size_t wanted = size > alignment ? size : alignment;
  Guard guard{lock_};
  if (wanted <= kLargestSmall) return allocate_small(order_for(wanted));
  void* const run = allocate_run(pages_for(size), pages_for(alignment));
  // The spare page may be the one that lacks.
  if (run != nullptr || !free_spare_page()) return run;
  return allocate_run(pages_for(size), pages_for(alignment));
}

void BuddyAllocator::do_free(void* block) {
  Guard guard{lock_};
  if (is_run(address_of(block)))
    free_run(block);
  else
    free_small(block);
}

void* BuddyAllocator::do_resize(void* pointer, std::size_t size) {
  if (size > kLimit) return nullptr;
  const std::uintptr_t block = address_of(pointer);
  std::size_t old_size = 0;
  {
    Guard guard{lock_};
    // What fits in a small block moves to one, where there is one.
    const bool in_place = is_run(block)
                              ? size > kLargestSmall && resize_run(block, pages_for(size))
                              : size <= kLargestSmall && resize_small(block, order_for(size));
    if (in_place) return pointer;
    old_size = size_of(block);
  }
  void* const moved = move(pointer, old_size, size);
  return moved == nullptr && size <= old_size ? pointer : moved;
}

std::size_t BuddyAllocator::size_of(std::uintptr_t block) const {
  if (is_run(block)) return PageCount{run_of(block).pages}.bytes();
  return size_of_order(page_of(block).order_of(block));
}

std::size_t BuddyAllocator::do_usable_size(const void* block) const {
  Guard guard{lock_};
  return size_of(address_of(block));
}

Allocator::Statistics BuddyAllocator::do_statistics() const {
  Guard guard{lock_};
  Statistics copy = now_;
  for (unsigned order = 0; order != kOrders; ++order)
    if (!free_[order].empty()) copy.largest_free = size_of_order(order);
  return copy;
}

Result<Owned<Allocator>> create_allocator() { return BuddyAllocator::create(); }

}  // namespace atl
