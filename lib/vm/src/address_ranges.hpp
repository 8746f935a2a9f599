// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/result.hpp>
#include <atoll/tree.hpp>
#include <atoll/types.hpp>

namespace atl::vm {

/// Which pages of [start, end) are taken. Knows only the holes: what was given
/// back below the highest page in use. Lowest hole that fits first, so that
/// page tables are used again.
///
/// Callers serialise. Its bookkeeping takes a page from page_alloc for each 70
/// holes that exist at a time.
class AddressRanges {
 public:
  constexpr AddressRanges(VirtAddr start, VirtAddr end) : start_(start), top_(start), end_(end) {}

  /// kNoMemory where no range of `pages` is left; `pages` at least 1.
  Result<VirtAddr> take(PageCount pages);
  /// Gives back all or a part of what take() gave. Without memory to remember
  /// it, the range stays taken.
  void give_back(VirtAddr start, PageCount pages);

  /// The lowest page, and the end of the highest that is in use.
  [[nodiscard]] VirtAddr start() const { return start_; }
  [[nodiscard]] VirtAddr top() const { return top_; }

 private:
  struct Hole {
    TreeHook hook;
    VirtAddr start;
    std::uint64_t size = 0;  // bytes
    Hole* next_spare = nullptr;
    [[nodiscard]] VirtAddr end() const { return start + size; }
  };
  struct Before {
    bool operator()(const Hole& a, const Hole& b) const { return a.start < b.start; }
    bool operator()(const Hole& a, VirtAddr key) const { return a.start < key; }
    bool operator()(VirtAddr key, const Hole& b) const { return key < b.start; }
  };
  using Holes = Tree<Hole, &Hole::hook, Before>;

  Hole* new_hole();
  void forget(Hole& hole);

  VirtAddr start_;
  VirtAddr top_;
  VirtAddr end_;
  Holes holes_;
  Hole* spare_ = nullptr;
};

}  // namespace atl::vm
