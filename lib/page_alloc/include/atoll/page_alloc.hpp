// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/result.hpp>
#include <atoll/types.hpp>

/// Physical pages. Any context but a non-maskable interrupt; never blocks.
namespace atoll::page_alloc {

/// What stands and what is left, in pages.
struct Statistics {
  PageCount total;
  PageCount free;
  PageCount largest_free;   ///< contiguous
};

/// `pages` contiguous pages whose start is a multiple of `alignment` pages (a
/// power of two). Contents undefined. kNoMemory; kInvalidArgument for zero
/// pages or a bad alignment.
Result<PhysAddr> allocate(PageCount pages, PageCount alignment = PageCount{1});

/// Gives back pages of allocate(), all or a part of one allocation. Freeing
/// what is not allocated is a bug of the caller: an assertion.
void free(PhysAddr start, PageCount pages);

/// Hands over RAM that came after boot (hot-plug, a balloon). The range must
/// be in the direct map. kExists where it overlaps known memory; kNoMemory.
Result<void> add_region(PhysRange range);

/// Takes a region back, if all of it is free. kBusy otherwise.
Result<void> remove_region(PhysRange range);

Statistics statistics();

}  // namespace atoll::page_alloc
