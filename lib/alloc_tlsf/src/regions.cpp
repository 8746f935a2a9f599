// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <algorithm>
#include <atoll/config/alloc_tlsf.hpp>
#include <atoll/direct_map.hpp>
#include <atoll/page_alloc.hpp>
#include <new>

#include "tlsf_allocator.hpp"

namespace atl {
namespace {

/// What may be free at the end of a region, beside a quarter of the heap, before
/// pages go back: giving and taking must not alternate.
constexpr std::size_t kSlack = std::size_t{64} << 10;

/// The most that is taken in advance.
constexpr std::size_t kMostAhead = std::size_t{1} << 30;

/// As many pages as hold `size` bytes, but at least an eighth of `reserved`, so
/// that a heap that grows asks less and less often: what `get(pages)` agrees to,
/// or just what is needed where there are not so many; else none.
template <typename Function>
PageCount some_pages(std::size_t size, std::size_t reserved, Function get) {
  const PageCount needed = PageCount::holding(size);
  const PageCount wanted = std::max(needed, PageCount::holding(std::min(reserved / 8, kMostAhead)));
  if (get(wanted)) return wanted;
  return wanted != needed && get(needed) ? needed : PageCount{};
}

void free_pages(std::uintptr_t start, std::uintptr_t end) {
  page_alloc::free(to_physical(VirtAddr{start}), PageCount::holding(end - start));
}

}  // namespace

Result<Owned<Allocator>> TlsfAllocator::create() {
  // With room for blocks, beside what the allocator itself needs.
  constexpr PageCount kPages =
      PageCount::holding(sizeof(Region) + sizeof(TlsfAllocator) + kPageSize / 2);
  const VirtAddr start = to_virtual(TRY(page_alloc::allocate(kPages)));
  Region& first = *::new (start.as()) Region;
  first.size = kPages.bytes();
  static_assert(sizeof(Region) % alignof(TlsfAllocator) == 0);
  return Owned<Allocator>{::new (&first + 1) TlsfAllocator(first)};
}

TlsfAllocator::TlsfAllocator(Region& first) {
  regions_.push_front(first);
  now_.reserved = first.size;
  set_end(first.end());
  const auto behind_this = reinterpret_cast<std::uintptr_t>(this + 1);
  set_top(align_up(behind_this + Headers::kBytes, tlsf::kUnit));
}

void TlsfAllocator::do_destroy() {
  // The allocator itself goes with its first region, which is the last in the list.
  for (bool more = true; more;) {
    const Region& region = *regions_.pop_front();
    more = !regions_.empty();
    free_pages(region.start(), region.end());
  }
}

/// The newest region's, whose size now_ already has.
void TlsfAllocator::set_end(std::uintptr_t end) {
  end_ = end;
  trim_below_ = end - slack();
}

/// Makes room for `size` bytes between top_ and end_, if the pages behind the
/// newest region are free.
bool TlsfAllocator::raise_end(std::size_t size) {
  Region& newest = *regions_.front();
  const PageCount pages = some_pages(size - (end_ - top_), now_.reserved, [&](PageCount some) {
    return newest.size + some.bytes() < tlsf::FreeLists::kLimit &&
           page_alloc::allocate_at(to_physical(VirtAddr{end_}), some).ok();
  });
  newest.size += pages.bytes();
  now_.reserved += pages.bytes();
  set_end(newest.end());
  return pages != PageCount{};
}

/// A newest region with room for `size` bytes.
bool TlsfAllocator::add_region(std::size_t size) {
  VirtAddr start;
  const PageCount pages = some_pages(kFirstBlock + size, now_.reserved, [&](PageCount some) {
    const auto found = page_alloc::allocate(some);
    if (found) start = to_virtual(found.value());
    return found.ok();
  });
  if (pages == PageCount{}) return false;
  retire_newest();
  Region& region = *::new (start.as()) Region;
  region.size = pages.bytes();
  regions_.push_front(region);
  now_.reserved += region.size;
  set_end(region.end());
  set_top(region.first_block());
  return true;
}

/// The newest region's top becomes a free block like others, if it can be one.
void TlsfAllocator::retire_newest() {
  Region& region = *regions_.front();
  const std::size_t rest = end_ - top_;
  const bool becomes_block = rest >= Headers::kLeastBlock;
  region.top = becomes_block ? end_ : top_;
  headers_.set(region.top, Headers::kEnd | (region.top - region.start()));
  if (becomes_block) put(top_, rest);
}

/// Makes the first region in the list the newest again.
void TlsfAllocator::resume_newest() {
  const Region& region = *regions_.front();
  set_end(region.end());
  std::uintptr_t top = region.top;
  if (Headers::has(top, Headers::kPreviousFree)) {
    top = Headers::previous(top);
    lists_.remove(top);
  }
  set_top(top);
}

/// What may be free at the end of a region before pages go back.
std::size_t TlsfAllocator::slack() const {
  return config::alloc_tlsf::kGiveBack ? kSlack + now_.reserved / 4 : tlsf::FreeLists::kLimit;
}

/// Gives the pages above the newest region's top back, and the region with its
/// last block.
void TlsfAllocator::trim() {
  Region& newest = *regions_.front();
  if (top_ == newest.first_block()) {
    remove_region(newest);
    resume_newest();
  } else {
    shorten(newest, align_up(top_, kPageSize));
    set_end(newest.end());
  }
}

/// enlist() for the last block of a region that is not the newest: the region
/// goes back where that is all of it, else pages where they are many.
void TlsfAllocator::enlist_last(std::uintptr_t block, std::size_t size) {
  const std::uintptr_t end = block + size;
  Region& region = *reinterpret_cast<Region*>(end - Headers::size_of(headers_.open(end)));
  const bool all = config::alloc_tlsf::kGiveBack && block == region.first_block();
  if (!all && size < slack()) return enlist(block, size);
  if (all) {
    remove_region(region);
  } else {
    // Up to a page's end it stays, unless that is nothing or too little.
    std::uintptr_t kept = align_up(block, kPageSize);
    if (kept == block + tlsf::kUnit) kept += kPageSize;
    shorten(region, kept);
    region.top = kept;
    headers_.set(kept, Headers::kEnd | region.size);
    if (kept != block) put(block, kept - block);
  }
  // Now that the heap is smaller, less may be free behind the newest blocks.
  set_end(end_);
  if (top_ < trim_below_) trim();
}

void TlsfAllocator::shorten(Region& region, std::uintptr_t end) {
  const std::uintptr_t old_end = region.end();
  region.size = end - region.start();
  now_.reserved -= old_end - end;
  free_pages(end, old_end);
}

void TlsfAllocator::remove_region(Region& region) {
  regions_.remove(region);
  now_.reserved -= region.size;
  free_pages(region.start(), region.end());
}

Result<Owned<Allocator>> create_allocator() { return TlsfAllocator::create(); }

}  // namespace atl
