// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>

#include <atoll/alloc_buddy.hpp>
#include <atoll/direct_map.hpp>
#include <atoll/page_alloc.hpp>
#include <cstdlib>
#include <cstring>
#include <vector>

namespace atl {
namespace {

constexpr PageCount kPages{64};

class BuddyAllocatorTest : public testing::Test {
 protected:
  BuddyAllocatorTest() {
    direct_map_base = VirtAddr::of(room).align_down(kDirectMapAlignment);
    EXPECT_TRUE(page_alloc::add_region(memory).ok());
    owner.reset(BuddyAllocator::create().value().release());
  }
  ~BuddyAllocatorTest() override {
    owner.reset();
    EXPECT_TRUE(page_alloc::remove_region(memory).ok());
    std::free(room);
  }

  char* get(std::size_t size, std::size_t alignment = 16) {
    return static_cast<char*>(owner->allocate(size, alignment));
  }
  /// Blocks of `size` until a new page begins with one.
  std::vector<char*> fill_page(std::size_t size) {
    std::vector<char*> blocks;
    const std::size_t before = reserved();
    while (reserved() == before) blocks.push_back(get(size));
    return blocks;
  }
  [[nodiscard]] std::size_t reserved() const { return owner->statistics().reserved; }
  static std::size_t page_offset(const char* block) {
    return reinterpret_cast<std::uintptr_t>(block) % kPageSize;
  }

  void* room = std::aligned_alloc(kPageSize, kPages.bytes());
  PhysRange memory{PhysAddr{VirtAddr::of(room).value() % kDirectMapAlignment}, kPages.bytes()};
  Owned<Allocator> owner;
};

using BuddyAllocatorDeathTest = BuddyAllocatorTest;

TEST_F(BuddyAllocatorTest, starts_with_one_page) {
  EXPECT_EQ(reserved(), kPageSize);
  EXPECT_EQ(owner->statistics().in_use, 0u);
  EXPECT_EQ(owner->statistics().largest_free, 2048u);
}

TEST_F(BuddyAllocatorTest, sizes_are_powers_of_two_up_to_half_a_page_and_pages_above) {
  const auto usable = [&](std::size_t size) { return owner->usable_size(get(size)); };
  EXPECT_EQ(usable(0), 16u);
  EXPECT_EQ(usable(16), 16u);
  EXPECT_EQ(usable(17), 32u);
  EXPECT_EQ(usable(1025), 2048u);
  EXPECT_EQ(usable(2048), 2048u);
  EXPECT_EQ(usable(2049), kPageSize);
  EXPECT_EQ(usable(2 * kPageSize + 1), 3 * kPageSize);
}

TEST_F(BuddyAllocatorTest, blocks_are_aligned_to_their_size) {
  for (std::size_t size = 16; size <= 2048; size *= 2) EXPECT_EQ(page_offset(get(size)) % size, 0u);
}

TEST_F(BuddyAllocatorTest, small_blocks_never_begin_a_page_and_large_ones_always_do) {
  for (int i = 0; i != 300; ++i) EXPECT_NE(page_offset(get(16)), 0u);
  EXPECT_EQ(page_offset(get(2049)), 0u);
  EXPECT_EQ(page_offset(get(1, 4096)), 0u);
}

TEST_F(BuddyAllocatorTest, buddies_join_again) {
  std::vector<char*> blocks = fill_page(16);
  for (char* block : blocks) owner->free(block);
  EXPECT_EQ(owner->statistics().in_use, 0u);
  EXPECT_EQ(owner->statistics().largest_free, 2048u);
}

TEST_F(BuddyAllocatorTest, pages_go_back_save_one) {
  std::vector<char*> blocks;
  for (int page = 0; page != 10; ++page)
    for (char* block : fill_page(100)) blocks.push_back(block);
  EXPECT_GE(reserved(), 11 * kPageSize);
  for (char* block : blocks) owner->free(block);
  EXPECT_LE(reserved(), 2 * kPageSize);
  char* const run = get(50'000);
  owner->free(run);
  EXPECT_LE(reserved(), 2 * kPageSize);
}

TEST_F(BuddyAllocatorTest, the_spare_page_is_given_up_for_a_run_that_needs_it) {
  for (char* block : fill_page(1000)) owner->free(block);
  ASSERT_EQ(reserved(), 2 * kPageSize);
  const std::uint64_t rest = kPages.count - 2;
  EXPECT_EQ(get((rest + 2) * kPageSize), nullptr);
  EXPECT_NE(get((rest + 1) * kPageSize), nullptr);
}

TEST_F(BuddyAllocatorTest, the_spare_page_is_used_again_first) {
  std::vector<char*> blocks = fill_page(2048);
  owner->free(blocks.back());
  const std::size_t before = reserved();
  for (int i = 0; i != 100; ++i) owner->free(get(2048));
  EXPECT_EQ(reserved(), before);
}

TEST_F(BuddyAllocatorTest, grows_in_place_into_free_buddies) {
  char* const block = get(512);
  ASSERT_EQ(owner->resize(block, 64), block);
  EXPECT_EQ(owner->resize(block, 500), block);
  EXPECT_EQ(owner->usable_size(block), 512u);
}

TEST_F(BuddyAllocatorTest, moves_where_the_buddy_is_in_use) {
  char* const block = get(64);
  char* const buddy = get(64);
  ASSERT_EQ(buddy, block + 64);
  std::memset(block, 'x', 64);
  char* const moved = static_cast<char*>(owner->resize(block, 100));
  EXPECT_NE(moved, block);
  EXPECT_EQ(std::string(moved, 64), std::string(64, 'x'));
  EXPECT_EQ(get(64), block);
}

TEST_F(BuddyAllocatorTest, shrinking_gives_the_upper_half_back) {
  char* const block = get(2048);
  const std::size_t in_use = owner->statistics().in_use;
  EXPECT_EQ(owner->resize(block, 32), block);
  EXPECT_EQ(owner->statistics().in_use, in_use - 2048 + 32);
  EXPECT_EQ(owner->statistics().largest_free, 1024u);
}

TEST_F(BuddyAllocatorTest, runs_grow_and_shrink_in_place) {
  char* const run = get(3 * kPageSize);
  EXPECT_EQ(owner->resize(run, 9 * kPageSize), run);
  EXPECT_EQ(owner->usable_size(run), 9 * kPageSize);
  EXPECT_EQ(owner->resize(run, kPageSize), run);
  EXPECT_EQ(reserved(), 2 * kPageSize);
}

TEST_F(BuddyAllocatorTest, a_run_that_shrinks_to_little_becomes_a_small_block) {
  char* run = get(3 * kPageSize);
  std::memcpy(run, "content", 8);
  run = static_cast<char*>(owner->resize(run, 8));
  EXPECT_NE(page_offset(run), 0u);
  EXPECT_STREQ(run, "content");
  EXPECT_EQ(reserved(), kPageSize);
}

TEST_F(BuddyAllocatorTest, fragmented_memory_serves_small_blocks_page_by_page) {
  std::vector<PhysAddr> taken;
  while (auto page = page_alloc::allocate({1})) taken.push_back(page.value());
  for (std::size_t i = 0; i < taken.size(); i += 2) page_alloc::free(taken[i], {1});
  EXPECT_EQ(get(kPageSize + 1), nullptr);
  std::size_t blocks = 0;
  while (get(1000) != nullptr) ++blocks;
  EXPECT_GT(blocks, taken.size() / 2 * 3 - 4);
  for (std::size_t i = 1; i < taken.size(); i += 2) page_alloc::free(taken[i], {1});
}

TEST_F(BuddyAllocatorTest, alignment_above_a_page_wastes_nothing) {
  const std::uint64_t before = page_alloc::statistics().free.count;
  char* const block = get(kPageSize, 16 * kPageSize);
  ASSERT_NE(block, nullptr);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(block) % (16 * kPageSize), 0u);
  EXPECT_EQ(page_alloc::statistics().free.count, before - 1);
}

TEST_F(BuddyAllocatorDeathTest, what_is_no_block_in_use_is_found) {
  char* const block = get(64);
  char* const run = get(3 * kPageSize);
  EXPECT_DEATH(owner->free(block + 16), "block_in_use");
  EXPECT_DEATH(owner->free(block + 1), "block_in_use");
  EXPECT_DEATH(owner->free(run + kPageSize), "block_in_use");
  EXPECT_DEATH(owner->free(owner.get()), "block_in_use");
  owner->free(block);
  EXPECT_DEATH(owner->free(block), "block_in_use");
  EXPECT_DEATH(static_cast<void>(owner->resize(block, 10)), "block_in_use");
  EXPECT_DEATH(static_cast<void>(owner->usable_size(block)), "block_in_use");
}

TEST_F(BuddyAllocatorDeathTest, freeing_again_after_a_neighbour_joined_is_found) {
  char* const left = get(64);
  char* const right = get(64);
  owner->free(right);
  owner->free(left);
  EXPECT_DEATH(owner->free(right), "block_in_use");
  EXPECT_DEATH(owner->free(left), "block_in_use");
  get(128);
  EXPECT_DEATH(owner->free(right), "block_in_use");
}

TEST_F(BuddyAllocatorDeathTest, a_block_of_another_allocator_is_found) {
  auto other = BuddyAllocator::create();
  void* const block = other.value()->allocate(64);
  EXPECT_DEATH(owner->free(block), "block_in_use");
}

}  // namespace
}  // namespace atl
