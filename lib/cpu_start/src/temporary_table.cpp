// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/arch.hpp>
#include <atoll/direct_map.hpp>
#include <atoll/page_alloc.hpp>
#include <atoll/page_table.hpp>
#include <atoll/temporary_table.hpp>
#include <cstring>

namespace atl::cpu_start {

PhysAddr TemporaryTable::take(void* context) {
  auto& self = *static_cast<TemporaryTable*>(context);
  if (self.count_ == kMostPages) return PhysAddr{};
  const auto page = page_alloc::allocate(PageCount{1});
  if (!page.ok()) return PhysAddr{};
  std::memset(to_virtual(page.value()).as(), 0, kPageSize);
  self.pages_[self.count_++] = page.value();
  return page.value();
}

Result<void> TemporaryTable::build(PhysRange code) {
  if (take(this) == PhysAddr{}) return fail(Errc::kNoMemory);
  PageTable table{
      root(),
      {.reach = direct_map_base.value(), .allocate = &take, .context = this, .largest_block = 0}};
  auto done = table.map(VirtAddr{code.start.value()}, code.start, PageCount::holding(code.size),
                        arch::Access::kReadExecute);
  if (!done.ok()) free();
  return done;
}

void TemporaryTable::free() {
  while (count_ > 0) page_alloc::free(pages_[--count_], PageCount{1});
}

}  // namespace atl::cpu_start
