// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "address_ranges.hpp"

#include <atoll/assert.hpp>
#include <atoll/direct_map.hpp>
#include <atoll/page_alloc.hpp>
#include <new>

namespace atl::vm {

AddressRanges::Hole* AddressRanges::new_hole() {
  if (spare_ == nullptr) {
    const auto page = page_alloc::allocate(PageCount{1});
    if (!page.ok()) return nullptr;
    auto* room = to_virtual(page.value()).as<std::byte>();
    for (std::size_t i = 0; i + sizeof(Hole) <= kPageSize; i += sizeof(Hole)) {
      Hole* hole = ::new (static_cast<void*>(room + i)) Hole;
      hole->next_spare = spare_;
      spare_ = hole;
    }
  }
  Hole* hole = spare_;
  spare_ = hole->next_spare;
  return hole;
}

void AddressRanges::forget(Hole& hole) {
  holes_.remove(hole);
  hole.next_spare = spare_;
  spare_ = &hole;
}

Result<VirtAddr> AddressRanges::take(PageCount pages) {
  if (pages.count > (end_ - start_) >> kPageShift) return fail(Errc::kNoMemory);
  const std::uint64_t size = pages.bytes();
  for (Hole* hole = holes_.first(); hole != nullptr; hole = Holes::next(*hole)) {
    if (hole->size < size) continue;
    const VirtAddr start = hole->start;
    hole->start += size;
    hole->size -= size;
    if (hole->size == 0) forget(*hole);
    return VirtAddr{start};
  }
  if (size > end_ - top_) return fail(Errc::kNoMemory);
  const VirtAddr start = top_;
  top_ += size;
  return VirtAddr{start};
}

void AddressRanges::give_back(VirtAddr start, PageCount pages) {
  const std::uint64_t size = pages.bytes();
  Hole* after = holes_.lower_bound(start);
  Hole* before = after != nullptr ? Holes::previous(*after) : holes_.last();
  const bool was_taken = start >= start_ && start + size <= top_ &&
                         (after == nullptr || start + size <= after->start) &&
                         (before == nullptr || before->end() <= start);
  ATOLL_ASSERT(was_taken);

  const bool joins_before = before != nullptr && before->end() == start;
  if (start + size == top_) {
    top_ = start;
    if (joins_before) {
      top_ = before->start;
      forget(*before);
    }
    return;
  }
  const bool joins_after = after != nullptr && start + size == after->start;
  if (joins_before) {
    before->size += size;
    if (joins_after) {
      before->size += after->size;
      forget(*after);
    }
  } else if (joins_after) {
    after->start = start;
    after->size += size;
  } else if (Hole* hole = new_hole()) {
    hole->start = start;
    hole->size = size;
    holes_.insert(*hole);
  }
}

}  // namespace atl::vm
