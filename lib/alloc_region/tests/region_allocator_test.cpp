// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>

#include <atoll/alloc_region.hpp>
#include <atoll/direct_map.hpp>
#include <atoll/page_alloc.hpp>
#include <cstdlib>
#include <cstring>

namespace atl {
namespace {

constexpr PhysAddr kFirst{0x100'0000};
constexpr PageCount kPages{64};

class RegionAllocatorTest : public testing::Test {
 protected:
  RegionAllocatorTest() {
    direct_map_base = VirtAddr::of(room) - kFirst.value();
    EXPECT_TRUE(page_alloc::add_region({kFirst, kPages.bytes()}).ok());
    owner.reset(RegionAllocator::create().value().release());
  }
  ~RegionAllocatorTest() override {
    owner.reset();
    EXPECT_TRUE(page_alloc::remove_region({kFirst, kPages.bytes()}).ok());
    std::free(room);
  }

  char* get(std::size_t size, std::size_t alignment = 16) {
    return static_cast<char*>(owner->allocate(size, alignment));
  }
  [[nodiscard]] std::size_t reserved() const { return owner->statistics().reserved; }

  void* room = std::aligned_alloc(kPageSize, kPages.bytes());
  Owned<Allocator> owner;
};

using RegionAllocatorDeathTest = RegionAllocatorTest;

TEST_F(RegionAllocatorTest, starts_with_one_page) {
  EXPECT_EQ(reserved(), kPageSize);
  EXPECT_EQ(page_alloc::statistics().free.count, kPages.count - 1);
  EXPECT_GT(owner->statistics().largest_free, kPageSize - 256);
}

TEST_F(RegionAllocatorTest, says_that_it_does_not_reuse) { EXPECT_FALSE(owner->reuses_memory()); }

TEST_F(RegionAllocatorTest, blocks_ascend_eight_bytes_apart) {
  char* const first = get(24);
  EXPECT_EQ(owner->usable_size(first), 32u);
  EXPECT_EQ(get(40), first + 32 + 16);
}

TEST_F(RegionAllocatorTest, grows_in_place_while_the_next_page_is_free) {
  char* const first = get(3000);
  EXPECT_EQ(get(3000), first + 3008 + 16);
  EXPECT_EQ(reserved(), 2 * kPageSize);
}

TEST_F(RegionAllocatorTest, the_last_block_is_reused) {
  char* const block = get(100);
  owner->free(block);
  EXPECT_EQ(get(200), block);
}

TEST_F(RegionAllocatorTest, an_earlier_block_is_not) {
  char* const block = get(100);
  get(1);
  owner->free(block);
  EXPECT_GT(get(16), block);
}

TEST_F(RegionAllocatorTest, the_last_block_is_resized_in_place) {
  char* const block = get(100);
  EXPECT_EQ(owner->resize(block, 50'000), block);
  EXPECT_EQ(owner->resize(block, 16), block);
  EXPECT_EQ(get(16), block + 32);
}

TEST_F(RegionAllocatorTest, a_smaller_size_stays_in_place) {
  char* const block = get(100);
  get(1);
  EXPECT_EQ(owner->resize(block, 10), block);
  EXPECT_GE(owner->usable_size(block), 100u);
}

TEST_F(RegionAllocatorTest, uses_memory_in_pieces) {
  auto obstacle = page_alloc::allocate({1});
  char* const block = get(10'000);
  ASSERT_NE(block, nullptr);
  std::memset(block, 1, 10'000);
  EXPECT_EQ(reserved(), kPageSize + 3 * kPageSize);
  page_alloc::free(obstacle.value(), {1});
}

TEST_F(RegionAllocatorTest, the_roomier_piece_serves_on) {
  const std::size_t room_left = owner->statistics().largest_free;
  auto obstacle = page_alloc::allocate({1});
  get(2 * kPageSize - 100);
  EXPECT_EQ(owner->statistics().largest_free, room_left);
  page_alloc::free(obstacle.value(), {1});
}

TEST_F(RegionAllocatorDeathTest, a_block_that_was_freed_cannot_be_used) {
  char* const block = get(100);
  get(1);
  owner->free(block);
  EXPECT_DEATH(owner->free(block), "in_use");
  EXPECT_DEATH(static_cast<void>(owner->resize(block, 1000)), "in_use");
  EXPECT_DEATH(static_cast<void>(owner->usable_size(block)), "in_use");
}

}  // namespace
}  // namespace atl
