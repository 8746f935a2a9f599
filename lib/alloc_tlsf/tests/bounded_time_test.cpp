// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// The promise of the library: what an operation costs does not depend on how
// many blocks there are.
#include <algorithm>
#include <atoll/host/instruction_count.hpp>

#include "heap.hpp"
namespace atl {
namespace {

class TlsfBoundedTimeTest : public HeapTest {
 protected:
  TlsfBoundedTimeTest() : HeapTest({8192}) {}

  /// The most instructions of an allocation, of resizes in place, and of a free,
  /// where `copies` blocks of each of some sizes are free between others in use.
  struct Most {
    long allocate = 0;
    long shrink = 0;
    long grow = 0;
    long free = 0;
  };
  std::optional<Most> measure(std::size_t copies) {
    for (const std::size_t size : sizes())
      for (std::size_t i = 0; i != copies; ++i) {
        free_later_.push_back(get(size));
        get(1);
      }
    for (char* block : free_later_) heap->free(block);
    free_later_.clear();

    std::vector<void*> blocks(sizes().size());
    std::vector<std::function<void()>> steps;
    for (std::size_t i = 0; i != blocks.size(); ++i) {
      steps.emplace_back([&, i] { blocks[i] = heap->allocate(sizes()[i] - 50); });
      steps.emplace_back([&, i] { blocks[i] = heap->resize(blocks[i], sizes()[i] - 110); });
      steps.emplace_back([&, i] { blocks[i] = heap->resize(blocks[i], sizes()[i] - 50); });
    }
    for (void*& block : blocks) steps.emplace_back([&] { heap->free(block); });
    const auto counts = host::count_instructions(steps);
    if (!counts) return std::nullopt;
    Most most;
    for (std::size_t i = 0; i != blocks.size(); ++i) {
      most.allocate = std::max(most.allocate, (*counts)[3 * i]);
      most.shrink = std::max(most.shrink, (*counts)[3 * i + 1]);
      most.grow = std::max(most.grow, (*counts)[3 * i + 2]);
      most.free = std::max(most.free, (*counts)[3 * blocks.size() + i]);
    }
    return most;
  }

 private:
  static const std::vector<std::size_t>& sizes() {
    static const std::vector<std::size_t> some = {120, 1000, 5000};
    return some;
  }
  std::vector<char*> free_later_;
};

TEST_F(TlsfBoundedTimeTest, the_number_of_free_blocks_does_not_matter) {
  const auto few = measure(1);
  if (!few) GTEST_SKIP() << "this host does not allow ptrace";
  const auto many = measure(200);
  ASSERT_TRUE(many);
  // The same ways through the same code: a few instructions more or less.
  const auto hardly_more = [](long now, long before) { return now <= before + before / 10; };
  EXPECT_PRED2(hardly_more, many->allocate, few->allocate);
  EXPECT_PRED2(hardly_more, many->shrink, few->shrink);
  EXPECT_PRED2(hardly_more, many->grow, few->grow);
  EXPECT_PRED2(hardly_more, many->free, few->free);
}

}  // namespace
}  // namespace atl
