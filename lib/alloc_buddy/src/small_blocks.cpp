// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/assert.hpp>
#include <atoll/direct_map.hpp>
#include <atoll/page_alloc.hpp>
#include <new>

#include "page.hpp"

namespace atl {
namespace {

/// The order of the block that begins at `block` in a page of which everything
/// from there on is free: as its alignment within the page allows.
unsigned order_at(std::uintptr_t block) {
  return static_cast<unsigned>(std::countr_zero(block % kPageSize)) - kUnitShift;
}

}  // namespace

BuddyAllocator::Page& BuddyAllocator::page_of(std::uintptr_t block) const {
  Page& page = Page::around(block);
  const bool block_in_use = page.owned_by(*this) && page.is_used(block);
  ATOLL_ASSERT(block_in_use);
  return page;
}

void BuddyAllocator::push(std::uintptr_t block, unsigned order) {
  Page::around(block).set_free(block, order);
  free_[order].push_front(*::new (reinterpret_cast<void*>(block)) FreeBlock);
}

void BuddyAllocator::drop(std::uintptr_t block, unsigned order) {
  free_[order].remove(*reinterpret_cast<FreeBlock*>(block));
}

/// Takes `page` in, all of it free from `first_block` on.
void BuddyAllocator::add_page(Page& page, std::uintptr_t first_block) {
  page.next = pages_;
  if (pages_ != nullptr) pages_->previous = &page;
  pages_ = &page;
  now_.reserved += kPageSize;
  for (std::uintptr_t block = first_block; block != page.end();) {
    const unsigned order = order_at(block);
    push(block, order);
    block += size_of_order(order);
  }
}

BuddyAllocator::Page* BuddyAllocator::allocate_page() {
  auto start = page_alloc::allocate({1});
  if (!start) return nullptr;
  Page& page = *::new (to_virtual(start.value()).as()) Page(this);
  add_page(page, page.start() + sizeof(Page));
  return &page;
}

/// Gives `page`, which nothing uses, back.
void BuddyAllocator::free_page(Page& page) {
  for (std::uintptr_t block = page.start() + sizeof(Page); block != page.end();) {
    const unsigned order = order_at(block);
    drop(block, order);
    block += size_of_order(order);
  }
  (page.previous != nullptr ? page.previous->next : pages_) = page.next;
  if (page.next != nullptr) page.next->previous = page.previous;
  now_.reserved -= kPageSize;
  page_alloc::free(to_physical(VirtAddr{page.start()}), {1});
}

bool BuddyAllocator::free_spare_page() {
  if (spare_ == nullptr) return false;
  free_page(*spare_);
  spare_ = nullptr;
  return true;
}

void* BuddyAllocator::allocate_small(unsigned order) {
  unsigned from = order;
  while (from != kOrders && free_[from].empty()) ++from;
  if (from == kOrders) {
    if (allocate_page() == nullptr) return nullptr;
    --from;
  }
  const auto block = reinterpret_cast<std::uintptr_t>(free_[from].pop_front());
  while (from != order) {
    --from;
    push(block + size_of_order(from), from);
  }
  Page& page = Page::around(block);
  if (&page == spare_) spare_ = nullptr;
  page.set_used(block, order);
  page.used += size_of_order(order);
  count(size_of_order(order), 0);
  return reinterpret_cast<void*>(block);
}

void BuddyAllocator::free_small(void* pointer) {
  auto block = reinterpret_cast<std::uintptr_t>(pointer);
  Page& page = page_of(block);
  unsigned order = page.order_of(block);
  page.used -= size_of_order(order);
  count(0, size_of_order(order));
  page.set_free(block, order);
  for (; order != kOrders - 1; ++order) {
    const std::uintptr_t buddy = block ^ size_of_order(order);
    if (!page.is_free(buddy, order)) break;
    drop(buddy, order);
    block &= ~size_of_order(order);
  }
  push(block, order);
  if (page.used != 0) return;
  // One such page stays, so that a program that takes and gives back a single
  // block does not make and unmake a page each time.
  if (spare_ == nullptr)
    spare_ = &page;
  else
    free_page(page);
}

bool BuddyAllocator::resize_small(std::uintptr_t block, unsigned order) {
  Page& page = page_of(block);
  const unsigned old_order = page.order_of(block);
  unsigned at = old_order;
  // Growing takes the buddies above, all of which must be free.
  for (; at < order; ++at)
    if ((block & size_of_order(at)) != 0 || !page.is_free(block + size_of_order(at), at))
      return false;
  for (at = old_order; at < order; ++at) drop(block + size_of_order(at), at);
  while (at > order) {
    --at;
    push(block + size_of_order(at), at);
  }
  page.set_used(block, order);
  page.used += size_of_order(order) - size_of_order(old_order);
  count(size_of_order(order), size_of_order(old_order));
  return true;
}

}  // namespace atl
