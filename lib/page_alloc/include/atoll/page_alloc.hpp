// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/result.hpp>
#include <atoll/types.hpp>

/// Physical pages. Any context but a non-maskable interrupt; never blocks.
///
/// A page that is handed out belongs to the caller until free(). Pages are read
/// and written through the direct map. The lowest addresses that fit are handed
/// out first, and ascending; callers must not rely on more than that addresses
/// given are distinct. Every operation takes expected logarithmic time in the
/// number of free runs, except that an alignment above one page may look at
/// every run that is long enough.
namespace atl::page_alloc {

/// What stands and what is left, in pages.
struct Statistics {
  PageCount total;
  PageCount free;
  PageCount largest_free;  ///< contiguous
};

/// `pages` contiguous pages whose start is a multiple of `alignment` pages (a
/// power of two). Contents undefined. kNoMemory; kInvalidArgument for zero
/// pages or a bad alignment.
Result<PhysAddr> allocate(PageCount pages, PageCount alignment = PageCount{1});

/// Exactly the pages from `start` on: to grow an allocation in place, or for
/// hardware that wants an address. kBusy where one of them is not free;
/// kInvalidArgument for zero pages or a start within a page.
Result<void> allocate_at(PhysAddr start, PageCount pages);

/// Gives back pages that allocate() gave, at once or in pieces. Freeing
/// what is not allocated is a bug of the caller: an assertion.
void free(PhysAddr start, PageCount pages);

/// Hands over RAM that came after boot (hot-plug, a balloon): whole pages in
/// the direct map. kInvalidArgument for a range that is empty, not of whole
/// pages, or above 2^52; kExists where it overlaps known memory; kNoMemory
/// where there are too many separate regions.
Result<void> add_region(PhysRange range);

/// Takes a region, or a part of one, back, if all of it is free. kBusy
/// otherwise; kInvalidArgument where it is not known memory; kNoMemory where it
/// would leave too many separate regions.
Result<void> remove_region(PhysRange range);

Statistics statistics();

}  // namespace atl::page_alloc
