// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "page_allocator.hpp"

#include <atoll/assert.hpp>
#include <atoll/direct_map.hpp>
#include <bit>

namespace atl::page_alloc {
namespace {

/// Runs that are long enough, but misaligned, and that are looked at before
/// one is taken which is so long that alignment cannot matter.
constexpr unsigned kPatience = 32;

bool whole_pages(PhysRange range) {
  return !range.empty() && ((range.start.value() | range.size) & (kPageSize - 1)) == 0 &&
         range.start.value() < PageAllocator::kAddressEnd &&
         range.size <= PageAllocator::kAddressEnd - range.start.value();
}

/// `range` lies in `outer`; neither wraps.
bool holds(PhysRange outer, PhysRange range) {
  return range.start >= outer.start && range.end() <= outer.end();
}

PhysAddr start_of(const Extent& extent) { return to_physical(VirtAddr{extent.start()}); }

std::uintptr_t pointer_to(PhysAddr address) {
  return static_cast<std::uintptr_t>(to_virtual(address).value());
}

/// The lowest place in `extent` for `pages` pages at a multiple of `alignment`
/// pages; empty where they do not fit.
PhysRange place_in(const Extent& extent, std::uint64_t pages, std::uint64_t alignment) {
  const std::uint64_t first = start_of(extent).value() >> kPageShift;
  const std::uint64_t aligned = (first + alignment - 1) & ~(alignment - 1);
  if (aligned - first > extent.pages - pages) return {};
  return {PhysAddr{aligned << kPageShift}, pages << kPageShift};
}

}  // namespace

Result<PhysAddr> PageAllocator::allocate(PageCount pages, PageCount alignment) {
  if (pages.count == 0 || !std::has_single_bit(alignment.count))
    return fail(Errc::kInvalidArgument);
  unsigned tried = 0;
  for (Extent* extent = extents_.first(pages.count); extent != nullptr;
       extent = ExtentTree::next(*extent, pages.count)) {
    if (++tried == kPatience && alignment.count <= kAddressEnd)
      if (Extent* const ample = extents_.first(pages.count + alignment.count - 1)) extent = ample;
    const PhysRange place = place_in(*extent, pages.count, alignment.count);
    if (place.empty()) continue;
    take(*extent, place);
    return place.start;
  }
  return fail(Errc::kNoMemory);
}

Result<void> PageAllocator::allocate_at(PhysRange range) {
  if (!whole_pages(range)) return fail(Errc::kInvalidArgument);
  Extent* const extent = extent_with(range);
  if (extent == nullptr) return fail(Errc::kBusy);
  take(*extent, range);
  return {};
}

void PageAllocator::free(PhysRange range) {
  ATOLL_ASSERT(whole_pages(range) && region_with(range) != nullptr);
  give(range);
}

Result<void> PageAllocator::add_region(PhysRange range) {
  if (!whole_pages(range)) return fail(Errc::kInvalidArgument);
  if (auto noted = note_region(range); !noted) return noted;
  total_ += range.size >> kPageShift;
  give(range);
  return {};
}

Result<void> PageAllocator::remove_region(PhysRange range) {
  PhysRange* const region = whole_pages(range) ? region_with(range) : nullptr;
  if (region == nullptr) return fail(Errc::kInvalidArgument);
  Extent* const extent = extent_with(range);
  if (extent == nullptr) return fail(Errc::kBusy);

  const PhysRange below{region->start, range.start - region->start};
  const PhysRange above{range.end(), region->end() - range.end()};
  if (!below.empty() && !above.empty()) {
    if (region_count_ == kMaxRegions) return fail(Errc::kNoMemory);
    *region = below;
    regions_[region_count_++] = above;
  } else if (below.empty() && above.empty()) {
    *region = regions_[--region_count_];
  } else {
    *region = below.empty() ? above : below;
  }
  take(*extent, range);
  total_ -= range.size >> kPageShift;
  return {};
}

PhysRange* PageAllocator::region_with(PhysRange range) {
  for (PhysRange* region = regions_.data(); region != regions_.data() + region_count_; ++region)
    if (holds(*region, range)) return region;
  return nullptr;
}

// Regions that touch become one, since free runs grow together across the
// border and are handed out as one.
Result<void> PageAllocator::note_region(PhysRange range) {
  PhysRange* below = nullptr;
  PhysRange* above = nullptr;
  for (std::size_t i = 0; i != region_count_; ++i) {
    PhysRange& region = regions_[i];
    if (region.overlaps(range)) return fail(Errc::kExists);
    if (region.end() == range.start) below = &region;
    if (region.start == range.end()) above = &region;
  }
  if (below != nullptr) {
    below->size += range.size;
    if (above != nullptr) {
      below->size += above->size;
      *above = regions_[--region_count_];
    }
  } else if (above != nullptr) {
    *above = {range.start, range.size + above->size};
  } else {
    if (region_count_ == kMaxRegions) return fail(Errc::kNoMemory);
    regions_[region_count_++] = range;
  }
  return {};
}

Extent* PageAllocator::extent_with(PhysRange range) const {
  Extent* const extent = extents_.around(pointer_to(range.start)).below;
  const bool holds_all = extent != nullptr && extent->end() >= pointer_to(range.end());
  return holds_all ? extent : nullptr;
}

void PageAllocator::take(Extent& extent, PhysRange range) {
  const std::uint64_t pages = range.size >> kPageShift;
  const std::uint64_t before = (range.start - start_of(extent)) >> kPageShift;
  const std::uint64_t after = extent.pages - before - pages;
  free_ -= pages;
  if (before != 0) {
    extents_.set_pages(extent, before);
    if (after != 0) extents_.insert(pointer_to(range.end()), after);
  } else if (after != 0) {
    extents_.shrink_front(extent, pages);
  } else {
    extents_.remove(extent);
  }
}

void PageAllocator::give(PhysRange range) {
  const std::uintptr_t start = pointer_to(range.start);
  const std::uintptr_t end = pointer_to(range.end());
  std::uint64_t pages = range.size >> kPageShift;
  free_ += pages;

  const auto [below, above] = extents_.around(start);
  const bool freed_twice =
      (below != nullptr && below->end() > start) || (above != nullptr && above->start() < end);
  ATOLL_ASSERT(!freed_twice);

  if (above != nullptr && above->start() == end) {
    pages += above->pages;
    extents_.remove(*above);
  }
  if (below != nullptr && below->end() == start)
    extents_.set_pages(*below, below->pages + pages);
  else
    extents_.insert(start, pages);
}

}  // namespace atl::page_alloc
