// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "page_allocator.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <set>
#include <vector>

#include "fake_memory.hpp"

namespace atl::page_alloc {
namespace {

constexpr std::uint64_t kPages = 1024;

class PageAllocatorTest : public testing::Test {
 protected:
  PageAllocatorTest() { EXPECT_TRUE(pool.add_region(memory.range()).ok()); }

  PhysAddr get(std::uint64_t pages, std::uint64_t alignment = 1) {
    auto start = pool.allocate({pages}, {alignment});
    EXPECT_TRUE(start.ok());
    return start.ok() ? start.value() : PhysAddr{};
  }
  void put(PhysAddr start, std::uint64_t pages) { pool.free({start, pages * kPageSize}); }
  [[nodiscard]] Errc error(std::uint64_t pages, std::uint64_t alignment = 1) {
    return pool.allocate({pages}, {alignment}).error();
  }

  FakeMemory memory{kPages};
  PageAllocator pool;
};

using PageAllocatorDeathTest = PageAllocatorTest;

TEST_F(PageAllocatorTest, starts_with_all_of_the_region_free) {
  EXPECT_EQ(pool.statistics().total.count, kPages);
  EXPECT_EQ(pool.statistics().free.count, kPages);
  EXPECT_EQ(pool.statistics().largest_free.count, kPages);
}

TEST_F(PageAllocatorTest, refuses_zero_pages_and_bad_alignments) {
  EXPECT_EQ(error(0), Errc::kInvalidArgument);
  EXPECT_EQ(error(1, 0), Errc::kInvalidArgument);
  EXPECT_EQ(error(1, 3), Errc::kInvalidArgument);
}

TEST_F(PageAllocatorTest, huge_requests_fail_without_wrapping) {
  EXPECT_EQ(error(kPages + 1), Errc::kNoMemory);
  EXPECT_EQ(error(~std::uint64_t{0}), Errc::kNoMemory);
  EXPECT_EQ(error(1, std::uint64_t{1} << 63), Errc::kNoMemory);
  EXPECT_EQ(error(1, std::uint64_t{1} << 52), Errc::kNoMemory);
  EXPECT_EQ(pool.statistics().free.count, kPages);
}

TEST_F(PageAllocatorTest, gives_every_page_once) {
  std::set<std::uint64_t> seen;
  for (std::uint64_t i = 0; i != kPages; ++i) {
    const PhysAddr page = get(1);
    EXPECT_TRUE(page.is_aligned(kPageSize));
    EXPECT_TRUE(memory.range().contains(page));
    EXPECT_TRUE(seen.insert(page.value()).second);
    std::memset(to_virtual(page).as(), 0xff, kPageSize);
  }
  EXPECT_EQ(error(1), Errc::kNoMemory);
  EXPECT_EQ(pool.statistics().free.count, 0u);
  EXPECT_EQ(pool.statistics().largest_free.count, 0u);
}

TEST_F(PageAllocatorTest, ascending_allocations_leave_room_to_grow_in_place) {
  const PhysAddr first = get(3);
  EXPECT_TRUE(pool.allocate_at({first + 3 * kPageSize, 2 * kPageSize}).ok());
  put(first, 5);
  EXPECT_EQ(pool.statistics().largest_free.count, kPages);
}

TEST_F(PageAllocatorTest, aligns_to_any_power_of_two) {
  const PhysAddr one = get(1);
  for (std::uint64_t alignment = 1; alignment <= 256; alignment *= 2) {
    const PhysAddr start = get(1, alignment);
    EXPECT_TRUE(start.is_aligned(alignment * kPageSize)) << alignment;
    put(start, 1);
  }
  put(one, 1);
  EXPECT_EQ(pool.statistics().largest_free.count, kPages);
}

TEST_F(PageAllocatorTest, finds_the_one_aligned_place_among_many_misaligned) {
  get(kPages);
  for (std::uint64_t i = 1; i + 1 < kPages; i += 4) put(memory.page(i), 2);
  EXPECT_EQ(error(2, 2), Errc::kNoMemory);
  put(memory.page(800), 1);
  EXPECT_EQ(get(2, 2), memory.page(800));
}

TEST_F(PageAllocatorTest, patience_with_misaligned_runs_ends_at_an_ample_one) {
  get(kPages);
  for (std::uint64_t i = 1; i < 400; i += 4) put(memory.page(i), 2);
  put(memory.page(900), 9);
  EXPECT_TRUE(get(2, 2).is_aligned(2 * kPageSize));
}

TEST_F(PageAllocatorTest, a_part_of_an_allocation_can_be_freed) {
  const PhysAddr start = get(10);
  put(start + 3 * kPageSize, 4);
  EXPECT_EQ(get(4), start + 3 * kPageSize);
  put(start, 10);
  EXPECT_EQ(pool.statistics().largest_free.count, kPages);
}

TEST_F(PageAllocatorTest, neighbours_join_in_any_order) {
  get(kPages);
  for (std::uint64_t i = 0; i < kPages; i += 2) put(memory.page(i), 1);
  EXPECT_EQ(pool.statistics().largest_free.count, 1u);
  for (std::uint64_t i = kPages - 1; i < kPages; i -= 2) put(memory.page(i), 1);
  EXPECT_EQ(pool.statistics().largest_free.count, kPages);
  EXPECT_EQ(pool.statistics().free.count, kPages);
}

TEST_F(PageAllocatorTest, exact_pages_are_given_once) {
  EXPECT_TRUE(pool.allocate_at(memory.pages(100, 5)).ok());
  EXPECT_EQ(pool.allocate_at(memory.pages(104, 1)).error(), Errc::kBusy);
  EXPECT_EQ(pool.allocate_at(memory.pages(99, 2)).error(), Errc::kBusy);
  EXPECT_EQ(pool.allocate_at(memory.pages(kPages, 1)).error(), Errc::kBusy);
  EXPECT_EQ(pool.allocate_at(memory.pages(kPages - 1, 2)).error(), Errc::kBusy);
  EXPECT_EQ(pool.allocate_at({memory.page(1) + 1, kPageSize}).error(), Errc::kInvalidArgument);
  EXPECT_EQ(pool.allocate_at({memory.page(1), 0}).error(), Errc::kInvalidArgument);
  EXPECT_EQ(pool.statistics().free.count, kPages - 5);
}

TEST_F(PageAllocatorTest, regions_that_overlap_are_refused) {
  EXPECT_EQ(pool.add_region(memory.range()).error(), Errc::kExists);
  EXPECT_EQ(pool.add_region(memory.pages(kPages - 1, 1)).error(), Errc::kExists);
  EXPECT_EQ(pool.statistics().total.count, kPages);
}

TEST_F(PageAllocatorTest, askew_and_wrapping_regions_are_refused) {
  const PhysAddr top{~std::uint64_t{0} & ~std::uint64_t{kPageSize - 1}};
  EXPECT_EQ(pool.add_region({top, kPageSize}).error(), Errc::kInvalidArgument);
  EXPECT_EQ(pool.add_region({PhysAddr{std::uint64_t{1} << 51}, std::uint64_t{1} << 63}).error(),
            Errc::kInvalidArgument);
  EXPECT_EQ(pool.add_region({memory.range().end() + 1, kPageSize}).error(), Errc::kInvalidArgument);
  EXPECT_EQ(pool.add_region({memory.range().end(), kPageSize + 1}).error(), Errc::kInvalidArgument);
  EXPECT_EQ(pool.add_region({memory.range().end(), 0}).error(), Errc::kInvalidArgument);
}

TEST_F(PageAllocatorTest, a_free_region_can_be_taken_back_and_come_again) {
  ASSERT_TRUE(pool.remove_region(memory.pages(256, 256)).ok());
  EXPECT_EQ(pool.statistics().total.count, kPages - 256);
  EXPECT_EQ(pool.statistics().largest_free.count, 512u);
  EXPECT_EQ(pool.remove_region(memory.pages(256, 1)).error(), Errc::kInvalidArgument);
  EXPECT_EQ(pool.allocate_at(memory.pages(300, 1)).error(), Errc::kBusy);
  ASSERT_TRUE(pool.add_region(memory.pages(256, 256)).ok());
  EXPECT_EQ(pool.statistics().largest_free.count, kPages);
  EXPECT_EQ(get(kPages), memory.page(0));
  put(memory.page(0), kPages);
}

TEST_F(PageAllocatorTest, a_region_in_use_stays) {
  const PhysAddr page = get(1);
  EXPECT_EQ(pool.remove_region(memory.range()).error(), Errc::kBusy);
  put(page, 1);
  EXPECT_TRUE(pool.remove_region(memory.range()).ok());
  EXPECT_EQ(pool.statistics().total.count, 0u);
  EXPECT_EQ(error(1), Errc::kNoMemory);
}

TEST_F(PageAllocatorTest, too_many_separate_regions_are_an_error_and_change_nothing) {
  ASSERT_TRUE(pool.remove_region(memory.range()).ok());
  for (std::uint64_t i = 0; i != PageAllocator::kMaxRegions; ++i)
    ASSERT_TRUE(pool.add_region(memory.pages(4 * i, 3)).ok());
  EXPECT_EQ(pool.add_region(memory.pages(1000, 1)).error(), Errc::kNoMemory);
  EXPECT_EQ(pool.remove_region(memory.pages(1, 1)).error(), Errc::kNoMemory);
  EXPECT_EQ(pool.statistics().free.count, 3 * PageAllocator::kMaxRegions);
  EXPECT_TRUE(pool.add_region(memory.pages(3, 1)).ok());
  EXPECT_EQ(pool.statistics().largest_free.count, 7u);
}

TEST_F(PageAllocatorDeathTest, freeing_twice_is_asserted) {
  const PhysAddr start = get(4);
  get(1);
  put(start, 4);
  EXPECT_DEATH(put(start, 4), "freed_twice");
  EXPECT_DEATH(put(start + 3 * kPageSize, 1), "freed_twice");
  EXPECT_DEATH(put(start + 3 * kPageSize, 2), "freed_twice");
}

TEST_F(PageAllocatorDeathTest, freeing_what_reaches_into_free_memory_is_asserted) {
  const PhysAddr start = get(4);
  EXPECT_DEATH(put(start, 5), "freed_twice");
}

TEST_F(PageAllocatorDeathTest, freeing_what_was_never_memory_is_asserted) {
  EXPECT_DEATH(put(PhysAddr{0x1000}, 1), "region_with");
  EXPECT_DEATH(put(memory.range().end(), 1), "region_with");
  EXPECT_DEATH(put(memory.page(0) + 8, 1), "region_with");
  EXPECT_DEATH(put(memory.page(0), 0), "region_with");
}

TEST_F(PageAllocatorDeathTest, writing_to_a_freed_page_is_found) {
  const PhysAddr start = get(kPages);
  put(start, 4);
  std::memset(to_virtual(start).as(), 0, 128);
  EXPECT_DEATH(get(1), "untouched_since_free");
  EXPECT_DEATH(put(start, 1), "untouched_since_free");
}

}  // namespace
}  // namespace atl::page_alloc
