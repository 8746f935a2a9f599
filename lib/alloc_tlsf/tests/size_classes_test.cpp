// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>

#include "../src/free_lists.hpp"

namespace atl::tlsf {
namespace {

/// Sizes around every step of every power of two that lists know.
template <typename Function>
void for_each_size(Function function) {
  for (std::size_t size = kUnit; size <= 8192; size += kUnit) function(size);
  for (std::size_t power = 8192; power < FreeLists::kLimit; power *= 2)
    for (std::size_t step = 0; step != 32; ++step)
      for (const std::size_t offset : {std::size_t{0}, kUnit, power / 32 - kUnit})
        function(power + power / 32 * step + offset);
}

TEST(SizeClasses, every_class_begins_with_its_least_size) {
  const std::size_t last = SizeClasses::index_of(FreeLists::kLimit - 1);
  for (std::size_t index = 0; index <= last; ++index) {
    EXPECT_EQ(SizeClasses::index_of(SizeClasses::least_of(index)), index);
    if (index != 0) EXPECT_EQ(SizeClasses::index_of(SizeClasses::least_of(index) - 1), index - 1);
  }
}

TEST(SizeClasses, a_rounded_size_is_the_least_of_its_class_and_hardly_more) {
  for_each_size([](std::size_t size) {
    const std::size_t rounded = SizeClasses::rounded(size);
    EXPECT_EQ(SizeClasses::least_of(SizeClasses::index_of(rounded)), rounded) << size;
    EXPECT_GE(rounded, size);
    EXPECT_LE(rounded - size, size < 1024 ? kUnit - 1 : size / 32) << size;
  });
}

TEST(SizeClasses, small_sizes_are_classes_of_their_own) {
  for (std::size_t size = kUnit; size <= 1024; size += kUnit)
    EXPECT_EQ(SizeClasses::rounded(size), size);
  EXPECT_EQ(SizeClasses::rounded(1025), 1024u + 32);
}

class FreeListsTest : public testing::Test {
 protected:
  /// The address of the i-th of some blocks.
  std::uintptr_t block(std::size_t i) { return reinterpret_cast<std::uintptr_t>(blocks_[i]); }

  FreeLists lists;

 private:
  alignas(kUnit) std::byte blocks_[64][kUnit] = {};
};

TEST_F(FreeListsTest, nothing_comes_of_nothing) {
  EXPECT_EQ(lists.take(32), 0u);
  EXPECT_EQ(lists.take(SizeClasses::rounded(1'000'000)), 0u);
  EXPECT_EQ(lists.take_small(32), 0u);
  EXPECT_EQ(lists.largest(), 0u);
}

TEST_F(FreeListsTest, a_block_of_every_size_serves_its_own_and_no_larger_request) {
  for_each_size([&](std::size_t size) {
    lists.insert(block(0), size);
    const std::size_t least = SizeClasses::least_of(SizeClasses::index_of(size));
    EXPECT_EQ(lists.largest(), least);
    EXPECT_EQ(lists.take(SizeClasses::rounded(least + 1)), 0u) << size;
    EXPECT_EQ(lists.take(least), block(0)) << size;
    EXPECT_EQ(lists.largest(), 0u);
  });
}

TEST_F(FreeListsTest, the_smallest_that_fits_goes_first) {
  const std::size_t sizes[] = {32, 48, 1008, 1024, 1056, 5120, 65536, std::size_t{1} << 38};
  std::size_t i = 0;
  for (const std::size_t size : sizes) lists.insert(block(i++), size);
  EXPECT_EQ(lists.take_small(64), block(2));
  EXPECT_EQ(lists.take_small(64), 0u);
  EXPECT_EQ(lists.take(64), block(3));
  EXPECT_EQ(lists.take(SizeClasses::rounded(5121)), block(6));
  EXPECT_EQ(lists.take(48), block(1));
  EXPECT_EQ(lists.take(48), block(4));
  EXPECT_EQ(lists.take(32), block(0));
  EXPECT_EQ(lists.take(32), block(5));
  EXPECT_FALSE(lists.only_small());
  EXPECT_EQ(lists.take(32), block(7));
  EXPECT_TRUE(lists.only_small());
}

TEST_F(FreeListsTest, blocks_leave_from_anywhere_in_their_list) {
  for (const std::size_t gone : {0u, 1u, 2u}) {
    for (std::size_t i = 0; i != 3; ++i) lists.insert(block(i), 2048);
    lists.remove(block(gone));
    std::vector<std::uintptr_t> left;
    while (const std::uintptr_t one = lists.take(2048)) left.push_back(one);
    std::vector<std::uintptr_t> expected;
    for (std::size_t i = 3; i-- != 0;)
      if (i != gone) expected.push_back(block(i));
    EXPECT_EQ(left, expected);
  }
}

TEST_F(FreeListsTest, a_list_that_becomes_empty_by_a_removal_is_known_to_be) {
  for (const std::size_t size : {std::size_t{64}, std::size_t{3072}, std::size_t{1} << 30}) {
    lists.insert(block(0), size);
    lists.insert(block(1), size);
    lists.remove(block(0));
    lists.remove(block(1));
    EXPECT_EQ(lists.largest(), 0u);
    EXPECT_EQ(lists.take(32), 0u);
  }
}

}  // namespace
}  // namespace atl::tlsf
