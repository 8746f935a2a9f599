// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "boot_memory.hpp"

#include <gtest/gtest.h>

#include <initializer_list>

#include "fake_memory.hpp"

namespace atl::page_alloc {
namespace {

constexpr std::uint64_t kPages = 256;
constexpr std::uint64_t kEverything = ~std::uint64_t{0};

class BootMemoryTest : public testing::Test {
 protected:
  BootInfo& with(std::initializer_list<MemoryRegion> regions) {
    for (const MemoryRegion& region : regions) info.regions[info.region_count++] = region;
    return info;
  }
  std::uint64_t pages_of(const BootInfo& boot_info) {
    add_boot_memory(pool, boot_info);
    return pool.statistics().free.count;
  }
  [[nodiscard]] bool is_free(std::uint64_t page) {
    return pool.allocate_at(memory.pages(page, 1)).ok();
  }

  FakeMemory memory{kPages};
  BootInfo info{};
  PageAllocator pool;
};

TEST_F(BootMemoryTest, takes_a_plain_region_whole) {
  EXPECT_EQ(pages_of(with({{memory.range(), MemoryKind::kUsable}})), kPages);
}

TEST_F(BootMemoryTest, leaves_out_image_ram_disk_and_device_tree) {
  with({{memory.range(), MemoryKind::kUsable}});
  info.image = memory.pages(0, 10);
  info.initial_ram_disk = {memory.page(20) + 5, 10};
  info.device_tree = {memory.page(30) + 4000, 200};
  EXPECT_EQ(pages_of(info), kPages - 13);
  EXPECT_FALSE(is_free(9));
  EXPECT_TRUE(is_free(10));
  EXPECT_FALSE(is_free(20));
  EXPECT_FALSE(is_free(30));
  EXPECT_FALSE(is_free(31));
  EXPECT_TRUE(is_free(32));
}

TEST_F(BootMemoryTest, leaves_out_what_other_regions_claim) {
  with({{memory.range(), MemoryKind::kUsable},
        {{memory.page(10) + 1, 1}, MemoryKind::kReserved},
        {{memory.page(20), 0}, MemoryKind::kReserved},
        {memory.pages(40, 4), MemoryKind::kAcpi}});
  EXPECT_EQ(pages_of(info), kPages - 5);
  EXPECT_FALSE(is_free(10));
  EXPECT_TRUE(is_free(20));
  EXPECT_FALSE(is_free(43));
}

TEST_F(BootMemoryTest, takes_whole_pages_only) {
  with({{{memory.page(1) + 1, 3 * kPageSize}, MemoryKind::kUsable},
        {{memory.page(10) + 1, kPageSize - 2}, MemoryKind::kUsable}});
  EXPECT_EQ(pages_of(info), 2u);
  EXPECT_FALSE(is_free(1));
  EXPECT_TRUE(is_free(2));
}

TEST_F(BootMemoryTest, page_zero_is_never_free) {
  direct_map_base = to_virtual(memory.page(0));
  with({{{PhysAddr{0}, 8 * kPageSize}, MemoryKind::kUsable}});
  EXPECT_EQ(pages_of(info), 7u);
  EXPECT_EQ(pool.allocate({1}, {1}).value(), PhysAddr{kPageSize});
}

TEST_F(BootMemoryTest, usable_regions_that_overlap_count_once) {
  with({{memory.pages(10, 20), MemoryKind::kUsable},
        {memory.pages(0, 15), MemoryKind::kUsable},
        {memory.pages(10, 20), MemoryKind::kUsable},
        {memory.pages(5, 50), MemoryKind::kUsable}});
  EXPECT_EQ(pages_of(info), 55u);
  EXPECT_EQ(pool.statistics().largest_free.count, 55u);
}

TEST_F(BootMemoryTest, reserved_all_around_leaves_nothing) {
  with({{memory.range(), MemoryKind::kUsable},
        {{PhysAddr{0}, kEverything}, MemoryKind::kReserved}});
  EXPECT_EQ(pages_of(info), 0u);
}

TEST_F(BootMemoryTest, a_claim_that_wraps_around_reaches_to_the_end) {
  with({{memory.range(), MemoryKind::kUsable},
        {{memory.page(100), kEverything}, MemoryKind::kReserved},
        {{PhysAddr{kEverything}, kEverything}, MemoryKind::kReserved}});
  EXPECT_EQ(pages_of(info), 100u);
}

TEST_F(BootMemoryTest, usable_memory_beyond_all_addresses_is_ignored) {
  with({{memory.pages(0, 4), MemoryKind::kUsable},
        {{PhysAddr{kEverything - 10 * kPageSize}, 5 * kPageSize}, MemoryKind::kUsable},
        {{PhysAddr{kEverything}, 1}, MemoryKind::kUsable}});
  EXPECT_EQ(pages_of(info), 4u);
}

TEST_F(BootMemoryTest, as_many_pieces_as_a_map_can_make_fit) {
  static_assert(PageAllocator::kMaxRegions > BootInfo::kMaxRegions + 4);
  with({{memory.range(), MemoryKind::kUsable}});
  while (info.region_count != BootInfo::kMaxRegions)
    with({{memory.pages(1 + 4 * info.region_count, 1), MemoryKind::kReserved}});
  EXPECT_EQ(pages_of(info), kPages - BootInfo::kMaxRegions + 1);
}

TEST_F(BootMemoryTest, an_empty_map_gives_nothing) { EXPECT_EQ(pages_of(info), 0u); }

}  // namespace
}  // namespace atl::page_alloc
