// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "kernel_table.hpp"

#include <atoll/assert.hpp>
#include <atoll/vm.hpp>

namespace atl::vm {

Result<VirtAddr> reserve_locked(State& held, PageCount pages) {
  constexpr PageCount kGuards{2};
  if (pages.count == 0) return fail(Errc::kInvalidArgument);
  if (pages.count > ~std::uint64_t{0} - kGuards.count) return fail(Errc::kNoMemory);
  const VirtAddr below = TRY(held.ranges.take(pages + kGuards));
  const VirtAddr start = below + kPageSize;
  PageTable table = kernel_table();
  auto done = table.mark(below, arch::kGuardNote);
  if (done.ok()) done = table.mark(start + pages.bytes(), arch::kGuardNote);
  if (!done.ok()) {
    static_cast<void>(table.mark(below, 0));
    held.ranges.give_back(below, pages + kGuards);
    return fail(done.error());
  }
  return VirtAddr{start};
}

void release_locked(State& held, VirtAddr start, PageCount pages) {
  PageTable table = kernel_table();
  const VirtAddr below = start - kPageSize;
  const VirtAddr above = start + pages.bytes();
  ATOLL_ASSERT(table.note(below) == arch::kGuardNote && table.note(above) == arch::kGuardNote);
  unmap_locked(held, start, pages);
  static_cast<void>(table.mark(below, 0));
  static_cast<void>(table.mark(above, 0));
  held.ranges.give_back(below, pages + PageCount{2});
}

/// Where nothing was mapped.
static Result<void> map_new(VirtAddr start, PhysAddr frame, PageCount pages, Access access,
                            Memory memory) {
  auto done = kernel_table().map(start, frame, pages, access, memory);
  if (done.ok()) {
    arch::Cpu::publish_translations();
  } else {
    forget_translations(start, pages);  // of what was undone
  }
  return done;
}

Result<void> map_locked(State& held, VirtAddr start, PhysAddr frame, PageCount pages, Access access,
                        Memory memory) {
  if (start < held.ranges.start() || start >= held.ranges.top() ||
      pages.bytes() > held.ranges.top() - start) {
    return fail(Errc::kInvalidArgument);
  }
  if (access == Access::kReadExecute) return fail(Errc::kAccessDenied);
  if (access == Access::kReadWrite && !is_writable_ram_or_no_ram({frame, pages.bytes()})) {
    return fail(Errc::kAccessDenied);
  }
  return map_new(start, frame, pages, access, memory);
}

void unmap_locked(State& held, VirtAddr start, PageCount pages) {
  PageTable table = kernel_table();
  bool forgets = false;
  table.for_each(start, pages, [&](VirtAddr at, const PageTable::Mapping& mapping) {
    table.clear(at, PageCount{1});
    if (mapping.access == Access::kReadExecute) {
      forget_translations(at, PageCount{1});
      held.code_unmapped(held, mapping.frame, at);
    } else {
      forgets = true;
    }
    return true;
  });
  // At once, as it may take the other CPUs, too.
  if (forgets) forget_translations(start, pages);
}

Result<VirtAddr> reserve(PageCount pages) {
  return state.with([&](State& held) { return reserve_locked(held, pages); });
}

void release(VirtAddr start, PageCount pages) {
  state.with([&](State& held) { release_locked(held, start.align_down(kPageSize), pages); });
}

Result<void> map(VirtAddr start, PhysAddr frame, PageCount pages, Access access, Memory memory) {
  return state.with(
      [&](State& held) { return map_locked(held, start, frame, pages, access, memory); });
}

void unmap(VirtAddr start, PageCount pages) {
  state.with([&](State& held) { unmap_locked(held, start, pages); });
}

Result<VirtAddr> map_device(PhysRange registers) {
  constexpr std::uint64_t kPhysicalLimit = std::uint64_t{1} << 52;
  if (registers.empty() || registers.start.value() >= kPhysicalLimit ||
      registers.size > kPhysicalLimit - registers.start.value()) {
    return fail(Errc::kInvalidArgument);
  }
  const PhysAddr first = registers.start.align_down(kPageSize);
  const PageCount pages = PageCount::holding(registers.end() - first);
  return state.with([&](State& held) -> Result<VirtAddr> {
    if (has_ram(registers)) return fail(Errc::kInvalidArgument);
    const VirtAddr start = TRY(reserve_locked(held, pages));
    const auto done = map_new(start, first, pages, Access::kReadWrite, Memory::kDevice);
    if (!done.ok()) {
      release_locked(held, start, pages);
      return fail(done.error());
    }
    return VirtAddr{start + (registers.start - first)};
  });
}

bool is_guard_page(VirtAddr address) { return kernel_table().note(address) == arch::kGuardNote; }

}  // namespace atl::vm
