// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <gtest/gtest.h>

#include <atoll/direct_map.hpp>
#include <atoll/page_alloc.hpp>
#include <cstdlib>
#include <vector>

#include "../src/tlsf_allocator.hpp"

namespace atl {

/// An allocator in host memory that plays all RAM there is.
class HeapTest : public testing::Test {
 protected:
  /// What an allocator takes first: three pages, of which nearly one is blocks'.
  static constexpr std::size_t kFirst = 3 * kPageSize;

  explicit HeapTest(PageCount pages = {256})
      : room_(std::aligned_alloc(kPageSize, pages.bytes())), pages_(pages) {
    direct_map_base = VirtAddr::of(room_).align_down(kDirectMapAlignment);
    EXPECT_TRUE(page_alloc::add_region(memory()).ok());
    heap = TlsfAllocator::create().value();
  }
  ~HeapTest() override {
    heap.reset();
    EXPECT_EQ(free_pages(), pages_.count) << "pages were lost";
    EXPECT_TRUE(page_alloc::remove_region(memory()).ok());
    std::free(room_);
  }

  [[nodiscard]] PhysRange memory() const {
    return {to_physical(VirtAddr::of(room_)), pages_.bytes()};
  }
  static std::uint64_t free_pages() { return page_alloc::statistics().free.count; }

  char* get(std::size_t size, std::size_t alignment = 16) {
    return static_cast<char*>(heap->allocate(size, alignment));
  }
  char* resize(void* block, std::size_t size) {
    return static_cast<char*>(heap->resize(block, size));
  }
  [[nodiscard]] std::size_t reserved() const { return heap->statistics().reserved; }
  [[nodiscard]] std::size_t in_use() const { return heap->statistics().in_use; }
  [[nodiscard]] std::size_t largest_free() const { return heap->statistics().largest_free; }

  Owned<Allocator> heap;

 private:
  void* room_;
  PageCount pages_;
};

}  // namespace atl
