// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/direct_map.hpp>
#include <atoll/mapping.hpp>
#include <atoll/result.hpp>
#include <atoll/types.hpp>
#include <cstddef>
#include <cstdint>

/// Virtual ranges of the kernel's half. May allocate page-table pages;
/// never blocks; not from an interrupt handler.
///
/// No page is ever writable at one address and executable at another, the
/// direct map's alias included: see map() and protect().
namespace atl::vm {

using Access = arch::Access;
using Memory = arch::Memory;

/// A stack with an unmapped guard page under it. Move-only in spirit: whoever
/// holds it gives it back with free_stack().
struct Stack {
  VirtAddr bottom;       ///< lowest usable byte; the guard page lies below
  std::size_t size = 0;  ///< usable bytes, whole pages
  [[nodiscard]] VirtAddr top() const { return bottom + size; }
};

/// Allocates and maps a stack of at least `bytes`, contents undefined.
/// kNoMemory; kInvalidArgument for 0 bytes.
Result<Stack> allocate_stack(std::size_t bytes);
/// Unmaps it and frees its pages. Not the stack that the caller runs on.
void free_stack(Stack stack);

/// Maps device registers uncached; the result keeps the offset of
/// `registers.start` within its page. kNoMemory; kInvalidArgument for RAM, and
/// for a range that is empty or wraps.
Result<VirtAddr> map_device(PhysRange registers);

/// Reserves `pages` of address space between two guard pages, mapping nothing.
/// kNoMemory; kInvalidArgument for 0 pages.
Result<VirtAddr> reserve(PageCount pages);
/// Gives back what reserve() or map_device() gave (there: the page of the
/// result, and all pages of the registers), unmapping what is still mapped; the
/// frames stay the caller's.
void release(VirtAddr start, PageCount pages);

/// Maps `pages` from `frame` on at `start`, inside what was reserved. kNoMemory;
/// kExists where something is mapped or a guard page lies; kInvalidArgument for
/// addresses outside this module's range; kAccessDenied for kReadExecute (memory
/// becomes executable by protect() only) and for kReadWrite of memory that is
/// executable or constant elsewhere.
Result<void> map(VirtAddr start, PhysAddr frame, PageCount pages, Access access,
                 Memory memory = Memory::kNormal);
/// Takes away what is mapped in [start, start + pages); the frames stay the
/// caller's, and memory that was executable here is writable in the direct map
/// again, unless it is executable elsewhere.
void unmap(VirtAddr start, PageCount pages);

/// Changes what [start, start + pages) allows, the direct map's alias
/// included: memory made executable loses its writable alias first. For ranges
/// of this module and the image. kBadAddress where a page is not mapped, and
/// for addresses in the direct map; kAccessDenied where memory to be made
/// executable is writable by another mapping, or is a device, and where memory
/// to be made writable is executable by another, or constant to the image;
/// kNoMemory. On an error nothing has changed.
Result<void> protect(VirtAddr start, PageCount pages, Access access);

/// True where `address` lies in a guard page: of this module, or under a stack
/// that the entry made. Any context.
bool is_guard_page(VirtAddr address);

}  // namespace atl::vm
