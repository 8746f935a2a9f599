// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <algorithm>
#include <array>
#include <cstring>
#include <numeric>

#include "heap.hpp"

namespace atl {
namespace {

class TlsfAllocatorTest : public HeapTest {
 protected:
  /// Blocks that are free, of these sizes, between others that are in use.
  std::vector<char*> free_blocks(std::initializer_list<std::size_t> sizes) {
    std::vector<char*> blocks;
    for (const std::size_t size : sizes) {
      blocks.push_back(get(size));
      get(1);
    }
    for (char* block : blocks) heap->free(block);
    return blocks;
  }
};

TEST_F(TlsfAllocatorTest, starts_with_three_pages) {
  EXPECT_EQ(reserved(), kFirst);
  EXPECT_EQ(in_use(), 0u);
  EXPECT_GT(largest_free(), 3840u);
}

TEST_F(TlsfAllocatorTest, a_block_costs_a_word_and_some_three_percent) {
  const auto usable = [&](std::size_t size) {
    char* const block = get(size);
    const std::size_t result = heap->usable_size(block);
    EXPECT_EQ(in_use(), result + 8);
    heap->free(block);
    return result;
  };
  EXPECT_EQ(usable(0), 24u);
  EXPECT_EQ(usable(24), 24u);
  EXPECT_EQ(usable(25), 40u);
  EXPECT_EQ(usable(1000), 1000u);
  EXPECT_EQ(usable(1016), 1016u);
  for (std::size_t size = 1016; size < 300'000; size += 997)
    EXPECT_LE(usable(size), size + size / 32 + 16) << size;
}

TEST_F(TlsfAllocatorTest, blocks_follow_each_other_where_nothing_is_free) {
  char* const first = get(24);
  EXPECT_EQ(get(40), first + 32);
  EXPECT_EQ(get(1000), first + 32 + 48);
}

TEST_F(TlsfAllocatorTest, neighbours_join_in_whatever_order_they_are_freed) {
  std::array<int, 5> order{};
  std::iota(order.begin(), order.end(), 0);
  do {
    std::array<char*, 5> blocks{};
    for (char*& block : blocks) block = get(40);
    char* const behind = get(40);
    for (const int i : order) heap->free(blocks[static_cast<std::size_t>(i)]);
    char* const joined = get(5 * 48 - 8);
    EXPECT_EQ(joined, blocks[0]);
    heap->free(joined);
    heap->free(behind);
    EXPECT_EQ(in_use(), 0u);
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST_F(TlsfAllocatorTest, the_last_block_joins_what_was_never_handed_out) {
  const std::size_t before = largest_free();
  char* const first = get(100);
  char* const second = get(100);
  heap->free(first);
  heap->free(second);
  EXPECT_EQ(largest_free(), before);
  EXPECT_EQ(get(500), first);
}

TEST_F(TlsfAllocatorTest, what_was_freed_serves_the_same_request_again) {
  for (std::size_t size = 1; size < 100'000; size += 1 + size / 7) {
    char* const block = get(size);
    char* const behind = get(1);
    heap->free(block);
    EXPECT_EQ(get(size), block) << size;
    heap->free(block);
    heap->free(behind);
  }
}

TEST_F(TlsfAllocatorTest, the_smallest_that_fits_is_used) {
  const std::vector<char*> blocks = free_blocks({2000, 500, 100, 5000, 300});
  EXPECT_EQ(get(90), blocks[2]);
  EXPECT_EQ(get(90), blocks[4]);
  EXPECT_EQ(get(400), blocks[1]);
  EXPECT_EQ(get(2500), blocks[3]);
}

TEST_F(TlsfAllocatorTest, what_is_too_much_stays_free) {
  char* const block = free_blocks({1000})[0];
  EXPECT_EQ(get(300), block);
  EXPECT_EQ(get(680), block + 320);
  // 16 bytes would be too little for a block.
  char* const other = free_blocks({200})[0];
  EXPECT_EQ(get(180), other);
  EXPECT_EQ(heap->usable_size(other), 200u);
}

TEST_F(TlsfAllocatorTest, half_of_a_fragmented_heap_is_used_again) {
  for (const std::size_t size : {100u, 1000u, 1500u, 10'000u}) {
    std::vector<char*> blocks(60);
    for (char*& block : blocks) block = get(size);
    const std::size_t before = reserved();
    for (std::size_t i = 0; i != blocks.size(); i += 2) heap->free(blocks[i]);
    for (std::size_t i = 0; i != blocks.size(); i += 2) blocks[i] = get(size);
    EXPECT_EQ(reserved(), before) << size;
    for (char* block : blocks) heap->free(block);
  }
}

TEST_F(TlsfAllocatorTest, every_alignment_and_nothing_of_it_is_lost) {
  for (std::size_t alignment = 32; alignment <= 128 * 1024; alignment *= 2) {
    char* const before = get(24);
    char* const block = get(100, alignment);
    ASSERT_NE(block, nullptr);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(block) % alignment, 0u);
    EXPECT_LE(heap->usable_size(block), 120u);
    std::memset(block, 1, heap->usable_size(block));
    const std::size_t reserved_then = reserved();
    char* const between = get(24);
    if (alignment >= 256) EXPECT_LT(between, block) << alignment;
    EXPECT_EQ(reserved(), reserved_then);
    heap->free(before);
    heap->free(between);
    heap->free(block);
    EXPECT_EQ(in_use(), 0u);
    EXPECT_EQ(get(1000), before) << "what was before the block joined again";
    heap->free(before);
  }
}

TEST_F(TlsfAllocatorTest, an_aligned_place_is_taken_as_it_is) {
  char* const block = get(4096 + 200, 4096);
  get(1);
  heap->free(block);
  EXPECT_EQ(get(100, 4096), block);
}

TEST_F(TlsfAllocatorTest, alignments_that_no_memory_has_are_refused) {
  EXPECT_EQ(get(1, kDirectMapAlignment), nullptr);
  EXPECT_EQ(get(1, 2 * kDirectMapAlignment), nullptr);
  EXPECT_EQ(get(1, std::size_t{1} << 63), nullptr);
}

TEST_F(TlsfAllocatorTest, the_peak_has_no_part_of_what_alignment_needed_for_a_moment) {
  get(100, 65536);
  EXPECT_LE(heap->statistics().peak, 128u);
}

TEST_F(TlsfAllocatorTest, grows_in_place_into_what_is_free_behind) {
  char* const block = get(100);
  char* const behind = get(1000);
  get(1);
  heap->free(behind);
  EXPECT_EQ(resize(block, 500), block);
  EXPECT_EQ(get(500), block + 512) << "the rest stays free";
  EXPECT_NE(resize(block, 600), block);
}

TEST_F(TlsfAllocatorTest, the_last_block_grows_as_long_as_there_is_memory) {
  char* const block = get(100);
  std::memset(block, 'x', 100);
  for (std::size_t size = 200; size < 900'000; size += size / 2)
    ASSERT_EQ(resize(block, size), block) << size;
  EXPECT_EQ(std::string(block, 100), std::string(100, 'x'));
  EXPECT_EQ(resize(block, 2'000'000), nullptr);
}

TEST_F(TlsfAllocatorTest, moves_where_something_is_behind) {
  char* const block = get(100);
  get(1);
  std::memset(block, 'x', 100);
  char* const moved = resize(block, 200);
  EXPECT_NE(moved, block);
  EXPECT_EQ(std::string(moved, 100), std::string(100, 'x'));
  EXPECT_EQ(get(100), block);
}

TEST_F(TlsfAllocatorTest, shrinking_frees_the_rest_in_place) {
  char* const block = get(1000);
  get(1);
  const std::size_t before = in_use();
  EXPECT_EQ(resize(block, 990), block) << "too little for a block";
  EXPECT_EQ(in_use(), before);
  EXPECT_EQ(resize(block, 100), block);
  EXPECT_EQ(in_use(), before - 1008 + 112);
  EXPECT_EQ(get(800), block + 112);
}

TEST_F(TlsfAllocatorTest, the_peak_of_a_resize_is_what_was_in_use_then) {
  char* const block = get(100);
  char* const behind = get(10'000);
  get(1);
  heap->free(behind);
  const std::size_t peak = heap->statistics().peak;
  EXPECT_EQ(resize(block, 500), block);
  EXPECT_EQ(heap->statistics().peak, peak);
}

using TlsfAllocatorDeathTest = TlsfAllocatorTest;

TEST_F(TlsfAllocatorDeathTest, what_is_no_block_in_use_is_found) {
  char* const block = get(100);
  char* const next = get(100);
  std::memset(block, 0, 100);
  EXPECT_DEATH(heap->free(block + 16), "block_in_use");
  EXPECT_DEATH(heap->free(block + 48), "block_in_use");
  EXPECT_DEATH(heap->free(heap.get()), "block_in_use");
  EXPECT_DEATH(heap->free(next + 112), "block_in_use") << "the end of all blocks";
  heap->free(block);
  EXPECT_DEATH(heap->free(block), "block_in_use");
  EXPECT_DEATH(static_cast<void>(heap->resize(block, 10)), "block_in_use");
  EXPECT_DEATH(static_cast<void>(heap->usable_size(block)), "block_in_use");
}

TEST_F(TlsfAllocatorDeathTest, a_second_free_is_found_after_neighbours_joined) {
  std::array<char*, 3> blocks{};
  std::array<int, 3> order{0, 1, 2};
  for (const bool at_the_top : {true, false}) {
    do {
      for (char*& block : blocks) block = get(40);
      char* const behind = at_the_top ? nullptr : get(40);
      for (const int i : order) heap->free(blocks[static_cast<std::size_t>(i)]);
      for (char* block : blocks) EXPECT_DEATH(heap->free(block), "block_in_use");
      char* const over_all = get(3 * 48 - 8);
      ASSERT_EQ(over_all, blocks[0]);
      EXPECT_DEATH(heap->free(blocks[1]), "block_in_use");
      EXPECT_DEATH(heap->free(blocks[2]), "block_in_use");
      heap->free(over_all);
      heap->free(behind);
    } while (std::next_permutation(order.begin(), order.end()));
  }
}

TEST_F(TlsfAllocatorDeathTest, a_block_of_another_allocator_is_found) {
  auto other = TlsfAllocator::create();
  void* const block = other.value()->allocate(64);
  EXPECT_DEATH(heap->free(block), "block_in_use");
}

TEST_F(TlsfAllocatorDeathTest, who_wrote_beyond_a_block_is_found_when_it_is_freed) {
  char* const block = get(40);
  get(40);
  for (const int value : {0x00, 0x41, 0xff}) {
    const auto overrun = [&] {
      std::memset(block, value, 48);
      heap->free(block);
    };
    EXPECT_DEATH(overrun(), "header_behind_intact") << value;
    const auto overrun_and_grow = [&] {
      std::memset(block, value, 48);
      static_cast<void>(resize(block, 100));
    };
    EXPECT_DEATH(overrun_and_grow(), "header_behind_intact") << value;
  }
}

TEST_F(TlsfAllocatorDeathTest, who_wrote_to_freed_memory_is_found) {
  const std::vector<char*> blocks = free_blocks({40, 40});
  const auto write_links = [&] {
    std::memset(blocks[1], 0, 16);
    get(40);
  };
  EXPECT_DEATH(write_links(), "links_intact");
  const auto write_next = [&] {
    std::memcpy(blocks[1], &blocks[1], 8);
    get(40);
  };
  EXPECT_DEATH(write_next(), "links_intact");
  const auto free_beside_written_links = [&] {
    char* const elsewhere = blocks[0] + 16;
    std::memcpy(blocks[0] + 8, &elsewhere, 8);
    heap->free(blocks[0] + 48);
  };
  EXPECT_DEATH(free_beside_written_links(), "links_intact");
  const auto write_header = [&] {
    std::memset(blocks[1] - 8, 0, 8);
    get(40);
  };
  EXPECT_DEATH(write_header(), "free_block_intact");
  const auto write_end = [&] {
    std::memcpy(blocks[0] + 32, &blocks[1], 8);
    heap->free(blocks[0] + 48);
  };
  EXPECT_DEATH(write_end(), "block_before_intact");
}

}  // namespace
}  // namespace atl
