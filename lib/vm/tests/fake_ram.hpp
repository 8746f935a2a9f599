// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/page_table.hpp>
#include <atoll/types.hpp>
#include <cstddef>
#include <vector>

namespace atl::vm {

/// A machine's RAM with a direct map of it and page_alloc over it: the buffer
/// that `direct_map_base` reaches, mapped there in a page table of its own.
class FakeRam {
 public:
  static constexpr std::uint64_t kStart = 0x1000'0000;

  explicit FakeRam(std::size_t pages);
  ~FakeRam();
  FakeRam(const FakeRam&) = delete;
  FakeRam& operator=(const FakeRam&) = delete;

  /// What page_alloc does.
  PhysAddr allocate(std::size_t pages);
  void free(PhysAddr start, std::size_t pages);
  [[nodiscard]] std::size_t largest_free() const;
  [[nodiscard]] std::size_t used() const;
  [[nodiscard]] std::size_t free_pages() const { return taken_.size() - used(); }

  /// How many more pages page_alloc gives.
  std::size_t budget = ~std::size_t{0};
  /// How often page_alloc was asked for pages.
  std::size_t requests = 0;
  /// Makes page_alloc give single pages only.
  bool fragmented = false;

  /// What the MMU would see.
  static PageTable table();
  static arch::Access alias(PhysAddr frame);

 private:
  std::vector<std::byte> bytes_;
  std::vector<bool> taken_;
};

}  // namespace atl::vm
