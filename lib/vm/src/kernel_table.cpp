// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "kernel_table.hpp"

#include <atoll/page_alloc.hpp>
#include <cstring>

namespace atl::vm {

constinit Locked<State, SpinLock> state{};

namespace {

PhysAddr new_table(void*) {
  const auto page = page_alloc::allocate(PageCount{1});
  if (!page.ok()) return PhysAddr{};
  std::memset(to_virtual(page.value()).as(), 0, kPageSize);
  return page.value();
}

PageCount pages_of(PhysRange frames) {
  return PageCount{(frames.end().align_up(kPageSize) - frames.start.align_down(kPageSize)) >>
                   kPageShift};
}

}  // namespace

/// Pages only: a part of what was mapped can then be unmapped without memory.
PageTable kernel_table() {
  return PageTable{arch::Cpu::kernel_page_table(),
                   {.reach = direct_map_base.value(),
                    .allocate = &new_table,
                    .context = nullptr,
                    .largest_block = 0}};
}

void forget_translations(VirtAddr start, PageCount pages) {
  arch::Cpu::invalidate_translations(start, pages);
}

bool mapped_elsewhere(const State& held, PhysRange frames, Access access, VirtAddr start,
                      PageCount pages) {
  const VirtAddr first = held.ranges.start();
  return !kernel_table().for_each(first, PageCount{(held.ranges.top() - first) >> kPageShift},
                                  [&](VirtAddr at, const PageTable::Mapping& mapping) {
                                    const bool own = at >= start && at - start < pages.bytes();
                                    return own || mapping.access != access ||
                                           !frames.contains(mapping.frame);
                                  });
}

bool has_ram(PhysRange frames) {
  return !kernel_table().for_each(to_virtual(frames.start.align_down(kPageSize)), pages_of(frames),
                                  [](VirtAddr, const PageTable::Mapping&) { return false; });
}

bool is_writable_ram_or_no_ram(PhysRange frames) {
  return kernel_table().for_each(to_virtual(frames.start), pages_of(frames),
                                 [](VirtAddr, const PageTable::Mapping& mapping) {
                                   return mapping.access == Access::kReadWrite;
                                 });
}

Result<void> set_alias(PhysAddr frame, Access access) {
  const VirtAddr alias = to_virtual(frame);
  PageTable table = kernel_table();
  const auto mapping = table.lookup(alias);
  if (!mapping || mapping->access == access) return {};
  TRY(table.protect(alias, PageCount{1}, access));
  forget_translations(alias, PageCount{1});
  return {};
}

}  // namespace atl::vm
