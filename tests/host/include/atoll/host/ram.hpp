// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <gtest/gtest.h>

#include <atoll/direct_map.hpp>
#include <atoll/page_alloc.hpp>
#include <cstdlib>
#include <cstring>

namespace atl::host {

/// Host memory that plays all RAM there is, for a test; every page must come back.
class RamTest : public testing::Test {
 protected:
  explicit RamTest(PageCount pages = {1024})
      : room_(std::aligned_alloc(kPageSize, pages.bytes())), pages_(pages) {
    std::memset(room_, 0xa5, pages.bytes());
    direct_map_base = VirtAddr::of(room_) - kStart;
    EXPECT_TRUE(page_alloc::add_region(memory()).ok());
  }
  ~RamTest() override {
    EXPECT_EQ(free_pages(), pages_.count) << "pages were lost";
    EXPECT_TRUE(page_alloc::remove_region(memory()).ok());
    std::free(room_);
  }
  [[nodiscard]] PhysRange memory() const { return {PhysAddr{kStart}, pages_.bytes()}; }
  static std::uint64_t free_pages() { return page_alloc::statistics().free.count; }

 private:
  // Physical and virtual addresses differ, so that a mix-up is a crash.
  static constexpr std::uint64_t kStart = 0x100'0000;

  void* room_;
  PageCount pages_;
};

}  // namespace atl::host
