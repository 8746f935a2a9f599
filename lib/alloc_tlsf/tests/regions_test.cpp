// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <cstring>

#include "heap.hpp"

namespace atl {
namespace {

class TlsfRegionsTest : public HeapTest {
 protected:
  ~TlsfRegionsTest() override {
    for (const PhysAddr page : obstacles_) page_alloc::free(page, {1});
  }

  /// Takes the lowest free page: what the heap's newest region would grow into.
  void put_obstacle() { obstacles_.push_back(page_alloc::allocate({1}).value()); }
  void remove_obstacle() {
    page_alloc::free(obstacles_.back(), {1});
    obstacles_.pop_back();
  }
  /// Blocks until every page is somebody's.
  std::vector<char*> take_everything() {
    std::vector<char*> blocks;
    for (std::size_t size = 1 << 20; size != 0; size /= 2)
      while (char* const block = get(size)) blocks.push_back(block);
    return blocks;
  }
  void free_all(const std::vector<char*>& blocks) {
    for (char* block : blocks) heap->free(block);
  }

 private:
  std::vector<PhysAddr> obstacles_;
};

TEST_F(TlsfRegionsTest, grows_in_place_while_the_pages_behind_are_free) {
  char* const first = get(3000);
  EXPECT_EQ(get(3000), first + 3008);
  EXPECT_EQ(reserved(), kFirst + kPageSize);
  EXPECT_EQ(get(50'000), first + 2 * 3008);
}

TEST_F(TlsfRegionsTest, begins_another_region_where_they_are_not) {
  char* const first = get(24);
  put_obstacle();
  char* const second = get(5000);
  EXPECT_GT(second, first + kPageSize + 4000);
  EXPECT_EQ(reserved(), kFirst + 2 * kPageSize);
  EXPECT_EQ(get(3000), first + 32) << "what is left of the first one serves on";
}

TEST_F(TlsfRegionsTest, a_large_heap_grows_by_an_eighth) {
  while (reserved() < 64 * kPageSize) get(1000);
  const std::size_t before = reserved();
  while (reserved() == before) get(1000);
  EXPECT_EQ(reserved(), before + PageCount::holding(before / 8).bytes());
}

TEST_F(TlsfRegionsTest, takes_the_last_page_where_there_is_no_more) {
  const std::vector<char*> blocks = take_everything();
  EXPECT_EQ(free_pages(), 0u);
  EXPECT_LT(largest_free(), 64u);
  EXPECT_EQ(get(100), nullptr);
  EXPECT_EQ(get(100, 4096), nullptr);
  EXPECT_EQ(resize(blocks[0], 2'000'000), nullptr);
  free_all(blocks);
  EXPECT_EQ(in_use(), 0u);
}

TEST_F(TlsfRegionsTest, fragmented_memory_serves_page_by_page) {
  std::vector<PhysAddr> taken;
  while (auto page = page_alloc::allocate({1})) taken.push_back(page.value());
  for (std::size_t i = 0; i < taken.size(); i += 2) page_alloc::free(taken[i], {1});
  EXPECT_EQ(get(3 * kPageSize), nullptr);
  std::vector<char*> blocks;
  while (char* const block = get(1000)) blocks.push_back(block);
  EXPECT_GE(blocks.size(), taken.size() / 2 * 4);
  free_all(blocks);
  EXPECT_LE(reserved(), kFirst + 2 * kPageSize) << "every page goes back, but for the newest";
  for (std::size_t i = 1; i < taken.size(); i += 2) page_alloc::free(taken[i], {1});
}

TEST_F(TlsfRegionsTest, an_older_region_goes_back_with_its_last_block) {
  put_obstacle();
  std::vector<char*> second = {get(6000), get(5000)};
  put_obstacle();
  char* const third = get(9000);
  const std::size_t before = reserved();
  heap->free(second[0]);
  EXPECT_EQ(reserved(), before);
  heap->free(second[1]);
  EXPECT_EQ(reserved(), before - 3 * kPageSize);
  heap->free(third);
}

TEST_F(TlsfRegionsTest, the_first_region_stays) {
  char* const first = get(3000);
  put_obstacle();
  char* const second = get(5000);
  heap->free(first);
  EXPECT_EQ(get(3000), first);
  heap->free(second);
}

TEST_F(TlsfRegionsTest, a_large_newest_region_goes_back_and_the_one_before_grows_again) {
  char* const first = get(100);
  put_obstacle();
  char* const second = get(200'000);
  EXPECT_GT(reserved(), 200'000u);
  heap->free(second);
  EXPECT_EQ(reserved(), kFirst);
  remove_obstacle();
  EXPECT_EQ(get(100), first + 112);
  EXPECT_EQ(get(100'000), first + 224);
}

TEST_F(TlsfRegionsTest, what_was_free_at_the_end_of_the_region_before_is_still_known) {
  char* const first = get(100);
  char* const last = get(1000);
  put_obstacle();
  char* const second = get(200'000);
  heap->free(last);
  heap->free(second);
  EXPECT_EQ(get(3000), last);
  heap->free(first);
}

TEST_F(TlsfRegionsTest, a_region_may_end_with_nothing_or_too_little_for_a_block) {
  char* const end = to_virtual(memory().start + kFirst).as<char>();
  while (largest_free() > 900) get(500);
  char* const block = get(24);
  put_obstacle();
  for (const std::size_t rest : {0u, 16u, 32u}) {
    const auto size = static_cast<std::size_t>(end - block) - rest - 8;
    ASSERT_EQ(resize(block, size), block);
    ASSERT_EQ(heap->usable_size(block), size);
    EXPECT_EQ(largest_free(), rest == 32 ? 24u : 0u);
    std::memset(block, 'x', size);
    char* const second = get(200'000);
    EXPECT_EQ(std::string(block, size), std::string(size, 'x'));
    EXPECT_EQ(resize(block, 24), block);
    heap->free(second);
    EXPECT_EQ(reserved(), kFirst);
    char* const next = get(24);
    EXPECT_EQ(next, block + 32);
    heap->free(next);
  }
}

TEST_F(TlsfRegionsTest, pages_at_the_end_go_back_where_there_are_many) {
  get(100);
  char* const large = get(500'000);
  heap->free(large);
  EXPECT_EQ(reserved(), kPageSize * 2 + kPageSize);
  EXPECT_EQ(get(500'000), large);
}

TEST_F(TlsfRegionsTest, pages_at_the_end_of_an_older_region_go_back_too) {
  // The free end begins at a page's end, or too near to it for a block.
  for (const std::size_t rest : {0u, 16u, 32u, 208u}) {
    heap.reset();
    heap = TlsfAllocator::create().value();
    char* const end = to_virtual(memory().start + kFirst).as<char>();
    while (largest_free() > 900) get(500);
    char* const block = get(24);
    const auto size = static_cast<std::size_t>(end - block) - rest - 8;
    ASSERT_EQ(resize(block, size), block);
    char* const large = get(400'000);
    EXPECT_EQ(large, block + size + 8);
    put_obstacle();
    char* const other = get(100'000);
    const std::size_t others = PageCount::holding(101'000).bytes();
    heap->free(large);
    const std::size_t kept = rest == 16 ? kFirst + kPageSize : kFirst;
    EXPECT_EQ(reserved(), kept + others);
    if (rest != 0) EXPECT_EQ(get(20), block + size + 8);
    EXPECT_EQ(resize(block, size - 100), block);
    heap->free(other);
    EXPECT_LE(reserved(), kept + kPageSize);
    remove_obstacle();
  }
}

TEST_F(TlsfRegionsTest, taking_and_giving_pages_does_not_alternate) {
  get(100);
  heap->free(get(50'000));
  const std::size_t before = reserved();
  EXPECT_GT(before, 50'000u);
  for (int i = 0; i != 100; ++i) {
    heap->free(get(50'000));
    EXPECT_EQ(reserved(), before);
  }
  heap->free(get(200'000));
  const std::size_t trimmed = reserved();
  char* const small = get(5000);
  const std::size_t grown = reserved();
  EXPECT_GT(grown, trimmed);
  heap->free(small);
  EXPECT_EQ(reserved(), grown);
}

TEST_F(TlsfRegionsTest, memory_that_comes_later_is_used) {
  const PhysRange later{memory().end() - 8 * kPageSize, 8 * kPageSize};
  ASSERT_TRUE(page_alloc::remove_region(later).ok());
  const std::vector<char*> blocks = take_everything();
  ASSERT_EQ(get(1000), nullptr);
  ASSERT_TRUE(page_alloc::add_region(later).ok());
  const PhysAddr place = to_physical(VirtAddr::of(get(20'000)));
  EXPECT_TRUE(later.contains(place));
  free_all(blocks);
}

TEST_F(TlsfRegionsTest, an_end_gives_all_regions_back) {
  for (int i = 0; i != 5; ++i) {
    get(20'000);
    put_obstacle();
  }
  get(20'000);
}

}  // namespace
}  // namespace atl
