// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <atoll/page_alloc.hpp>
#include <cstddef>
#include <cstdint>

#include "extent_tree.hpp"

namespace atl::page_alloc {

/// What atoll/page_alloc.hpp promises, without a lock: known regions, and the
/// free runs in them.
class PageAllocator {
 public:
  /// Regions that do not touch, at a time.
  static constexpr std::size_t kMaxRegions = 64;
  /// Physical addresses end here (Intel SDM 3A §4.1.4; Arm ARM D8.1, 52-bit).
  static constexpr std::uint64_t kAddressEnd = std::uint64_t{1} << 52;

  constexpr PageAllocator() = default;

  Result<PhysAddr> allocate(PageCount pages, PageCount alignment);
  Result<void> allocate_at(PhysRange range);
  void free(PhysRange range);
  Result<void> add_region(PhysRange range);
  Result<void> remove_region(PhysRange range);
  [[nodiscard]] Statistics statistics() const {
    return {.total = {total_}, .free = {free_}, .largest_free = {extents_.largest()}};
  }

 private:
  [[nodiscard]] PhysRange* region_with(PhysRange range);
  Result<void> note_region(PhysRange range);
  [[nodiscard]] Extent* extent_with(PhysRange range) const;
  void take(Extent& extent, PhysRange range);
  void give(PhysRange range);

  ExtentTree extents_;
  std::uint64_t total_ = 0;
  std::uint64_t free_ = 0;
  std::size_t region_count_ = 0;
  std::array<PhysRange, kMaxRegions> regions_{};
};

}  // namespace atl::page_alloc
