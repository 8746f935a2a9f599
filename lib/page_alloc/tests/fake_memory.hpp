// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/direct_map.hpp>
#include <cstdlib>
#include <cstring>

namespace atl::page_alloc {

/// Host memory that plays the RAM of a small machine. Physical and virtual
/// addresses differ, so that a mix-up is a crash.
class FakeMemory {
 public:
  static constexpr std::uint64_t kStart = 0x100'0000;

  explicit FakeMemory(std::size_t pages)
      : size_(pages * kPageSize), memory_(std::aligned_alloc(kPageSize, size_)) {
    std::memset(memory_, 0xa5, size_);
    direct_map_base = VirtAddr::of(memory_) - kStart;
  }
  ~FakeMemory() { std::free(memory_); }
  FakeMemory(const FakeMemory&) = delete;
  FakeMemory& operator=(const FakeMemory&) = delete;

  [[nodiscard]] PhysRange range() const { return {PhysAddr{kStart}, size_}; }
  [[nodiscard]] PhysRange pages(std::uint64_t first, std::uint64_t count) const {
    return {page(first), count * kPageSize};
  }
  [[nodiscard]] PhysAddr page(std::uint64_t index) const {
    return PhysAddr{kStart + index * kPageSize};
  }

 private:
  std::size_t size_;
  void* memory_;
};

}  // namespace atl::page_alloc
