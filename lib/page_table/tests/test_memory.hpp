// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/page_table.hpp>
#include <cstdint>
#include <vector>

namespace atl::test {

/// Physical memory for tables: page n of a buffer has address (n + 1) * 4 KiB.
class TestMemory {
 public:
  explicit TestMemory(std::size_t pages) : words_((pages + 2) * 512) {}

  TablePages pages(unsigned largest_block) {
    const auto start = (reinterpret_cast<std::uintptr_t>(words_.data()) + 4095) & ~4095ULL;
    return {.reach = start - kPageSize,
            .allocate = &allocate,
            .context = this,
            .largest_block = largest_block};
  }
  [[nodiscard]] std::size_t used() const { return used_; }
  PhysAddr next() {
    if ((used_ + 2) * 512 >= words_.size()) return PhysAddr{};
    return PhysAddr{++used_ * kPageSize};
  }

 private:
  static PhysAddr allocate(void* context) { return static_cast<TestMemory*>(context)->next(); }

  std::vector<std::uint64_t> words_;
  std::size_t used_ = 0;
};

}  // namespace atl::test
