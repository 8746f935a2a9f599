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
namespace atoll::vm {

using Access = arch::Access;
using Memory = arch::Memory;

/// A stack with an unmapped guard page under it. Move-only in spirit: whoever
/// holds it gives it back with free_stack().
struct Stack {
  VirtAddr bottom;        ///< lowest usable byte; the guard page lies below
  std::size_t size = 0;   ///< usable bytes, whole pages
  [[nodiscard]] VirtAddr top() const { return bottom + size; }
};

/// Allocates and maps a stack of at least `bytes`. kNoMemory.
Result<Stack> allocate_stack(std::size_t bytes);
void free_stack(Stack stack);

/// Maps device registers uncached; the result keeps the offset of
/// `registers.start` within its page. kNoMemory; kInvalidArgument for RAM.
Result<VirtAddr> map_device(PhysRange registers);

/// Reserves `pages` of address space between two guard pages, mapping nothing.
Result<VirtAddr> reserve(PageCount pages);
void release(VirtAddr start, PageCount pages);

/// Maps `pages` of RAM from `frame` on at `start` (reserved before).
/// kNoMemory; kExists where something is mapped; kAccessDenied for an
/// executable alias of writable memory.
Result<void> map(VirtAddr start, PhysAddr frame, PageCount pages, Access access,
                 Memory memory = Memory::kNormal);
void unmap(VirtAddr start, PageCount pages);

/// Changes what [start, start + pages) allows, the direct map's alias
/// included: memory made executable loses its writable alias first.
Result<void> protect(VirtAddr start, PageCount pages, Access access);

/// True where `address` lies in a guard page of this module.
bool is_guard_page(VirtAddr address);

}  // namespace atoll::vm
