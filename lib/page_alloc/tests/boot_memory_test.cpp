// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "boot_memory.hpp"

#include <gtest/gtest.h>

#include <initializer_list>

#include "fake_memory.hpp"

namespace atl::page_alloc {
namespace {

constexpr std::uint64_t kPages = 256;

class BootMemoryTest : public testing::Test {
 protected:
  std::uint64_t pages_of(std::initializer_list<MemoryRegion> regions) {
    for (const MemoryRegion& region : regions) info.regions[info.region_count++] = region;
    add_boot_memory(pool, info);
    return pool.statistics().free.count;
  }
  [[nodiscard]] bool is_free(std::uint64_t page) {
    return pool.allocate_at(memory.pages(page, 1)).ok();
  }

  FakeMemory memory{kPages};
  BootInfo info{};
  PageAllocator pool;
};

TEST_F(BootMemoryTest, takes_usable_regions_in_any_order) {
  EXPECT_EQ(pages_of({{memory.pages(100, 5), MemoryKind::kUsable},
                      {memory.pages(0, 10), MemoryKind::kUsable}}),
            15u);
}

TEST_F(BootMemoryTest, leaves_out_every_other_kind) {
  EXPECT_EQ(pages_of({{memory.pages(0, 10), MemoryKind::kUsable},
                      {memory.pages(10, 10), MemoryKind::kReserved},
                      {memory.pages(20, 10), MemoryKind::kAcpi},
                      {memory.pages(30, 10), MemoryKind::kKept}}),
            10u);
  EXPECT_TRUE(is_free(9));
  EXPECT_FALSE(is_free(10));
  EXPECT_FALSE(is_free(20));
  EXPECT_FALSE(is_free(30));
}

TEST_F(BootMemoryTest, takes_whole_pages_only) {
  EXPECT_EQ(pages_of({{{memory.page(1) + 1, 3 * kPageSize}, MemoryKind::kUsable},
                      {{memory.page(10) + 1, kPageSize - 2}, MemoryKind::kUsable},
                      {{memory.page(20) + 1, 2 * kPageSize - 2}, MemoryKind::kUsable},
                      {{memory.page(30), 1}, MemoryKind::kUsable}}),
            2u);
  EXPECT_FALSE(is_free(1));
  EXPECT_TRUE(is_free(2));
}

TEST_F(BootMemoryTest, page_zero_is_never_free) {
  direct_map_base = to_virtual(memory.page(0));
  EXPECT_EQ(pages_of({{{PhysAddr{0}, 8 * kPageSize}, MemoryKind::kUsable}}), 7u);
  EXPECT_EQ(pool.allocate({1}, {1}).value(), PhysAddr{kPageSize});
}

TEST_F(BootMemoryTest, a_region_of_page_zero_alone_is_none) {
  direct_map_base = to_virtual(memory.page(0));
  EXPECT_EQ(pages_of({{{PhysAddr{0}, kPageSize}, MemoryKind::kUsable}}), 0u);
}

TEST_F(BootMemoryTest, a_region_that_meets_another_is_refused) {
  EXPECT_EQ(pages_of({{memory.pages(10, 20), MemoryKind::kUsable},
                      {memory.pages(0, 15), MemoryKind::kUsable}}),
            20u);
}

TEST_F(BootMemoryTest, all_the_regions_of_a_full_map_fit) {
  while (info.region_count != BootInfo::kMaxRegions)
    info.regions[info.region_count++] = {memory.pages(4 * info.region_count, 1),
                                         MemoryKind::kUsable};
  EXPECT_EQ(pages_of({}), BootInfo::kMaxRegions);
}

TEST_F(BootMemoryTest, an_empty_map_gives_nothing) { EXPECT_EQ(pages_of({}), 0u); }

}  // namespace
}  // namespace atl::page_alloc
