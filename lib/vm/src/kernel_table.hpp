// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include "address_ranges.hpp"

#include <atoll/lock.hpp>
#include <atoll/page_table.hpp>
#include <atoll/vm.hpp>

namespace atl::vm {

/// Everything that this module changes, and the lock around it.
struct State {
  /// docs/architecture.md, "Address space"; its end leaves room to the image.
  AddressRanges ranges{VirtAddr{0xffff'c000'0000'0000}, VirtAddr{0xffff'fe00'0000'0000}};
  /// Called when an executable page has lost its mapping at `at`. protect(), the
  /// only one to make any, sets it, so that an image without code of its own
  /// making holds none of that.
  void (*code_unmapped)(State& held, PhysAddr frame, VirtAddr at) = nullptr;
};
extern constinit Locked<State, SpinLock> state;

/// The kernel's page table, reached over the direct map.
PageTable kernel_table();

/// Forgets translations after a change.
void forget_translations(VirtAddr start, PageCount pages);

/// Takes `pages` between two guard pages.
Result<VirtAddr> reserve_locked(State& held, PageCount pages);
void release_locked(State& held, VirtAddr start, PageCount pages);
Result<void> map_locked(State& held, VirtAddr start, PhysAddr frame, PageCount pages, Access access,
                        Memory memory);
void unmap_locked(State& held, VirtAddr start, PageCount pages);

/// Whether a page of `frames` is mapped with `access` in this module's range
/// outside [start, start + pages).
bool mapped_elsewhere(const State& held, PhysRange frames, Access access, VirtAddr start,
                      PageCount pages);

/// Whether all RAM of `frames` can be written in the direct map.
bool is_writable_ram_or_no_ram(PhysRange frames);
/// Whether the direct map has any page of `frames`.
bool has_ram(PhysRange frames);

/// Sets what the direct map allows at `frame`, one page; nothing where it does
/// not map it. kNoMemory.
Result<void> set_alias(PhysAddr frame, Access access);

}  // namespace atl::vm
