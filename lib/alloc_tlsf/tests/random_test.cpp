// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// Random operations, among them those of others on page_alloc, next to a map of
// what must be there.
#include <map>

#include "../../alloc/conformance/random.hpp"
#include "heap.hpp"

namespace atl {
namespace {

class TlsfRandomTest : public HeapTest, public testing::WithParamInterface<std::uint64_t> {
 protected:
  static constexpr PageCount kPages{512};

  TlsfRandomTest() : HeapTest(kPages) {}
  ~TlsfRandomTest() override {
    for (const PhysAddr page : obstacles_) page_alloc::free(page, {1});
  }

  struct Held {
    std::size_t usable;
    std::uint32_t tag;
  };
  using Blocks = std::map<char*, Held>;

  std::size_t some_size() {
    const std::size_t limit = std::size_t{1} << (5 + random_.below(13));
    return random_.below(limit);
  }
  Blocks::iterator some_block() {
    return std::next(blocks_.begin(), static_cast<std::ptrdiff_t>(random_.below(blocks_.size())));
  }

  /// Nothing else is where `block` is.
  void settle(char* block, std::size_t size) {
    const Held held{heap->usable_size(block), ++tags_};
    ASSERT_GE(held.usable, size);
    const auto next = blocks_.lower_bound(block);
    if (next != blocks_.end()) ASSERT_LT(block + held.usable, next->first);
    if (next != blocks_.begin())
      ASSERT_LT(std::prev(next)->first + std::prev(next)->second.usable, block);
    ASSERT_GE(block, VirtAddr{to_virtual(memory().start)}.as<char>());
    ASSERT_LE(block + held.usable, VirtAddr{to_virtual(memory().end())}.as<char>());
    for (const PhysAddr page : obstacles_)
      ASSERT_FALSE(
          alloc_conformance::overlap(block, held.usable, to_virtual(page).as(), kPageSize));
    alloc_conformance::fill(block, held.usable, held.tag);
    blocks_[block] = held;
    in_use_ += held.usable + 8;
  }
  void forget(Blocks::iterator gone) {
    in_use_ -= gone->second.usable + 8;
    blocks_.erase(gone);
  }
  static bool intact(const Blocks::value_type& entry, std::size_t size) {
    return alloc_conformance::holds(entry.first, size, entry.second.tag);
  }

  void allocate() {
    const std::size_t size = some_size();
    const std::size_t alignment = random_.below(4) == 0 ? std::size_t{1} << random_.below(15) : 16;
    char* const block = get(size, alignment);
    if (block == nullptr) return;
    ASSERT_EQ(reinterpret_cast<std::uintptr_t>(block) % alignment, 0u);
    settle(block, size);
  }
  void free() {
    const auto gone = some_block();
    ASSERT_TRUE(intact(*gone, gone->second.usable));
    heap->free(gone->first);
    forget(gone);
  }
  void resize_some() {
    const auto old = some_block();
    const std::size_t size = some_size();
    ASSERT_TRUE(intact(*old, old->second.usable));
    char* const block = resize(old->first, size);
    if (block == nullptr) {
      ASSERT_TRUE(intact(*old, old->second.usable));
      return;
    }
    const auto held = old->second;
    forget(old);
    ASSERT_TRUE(alloc_conformance::holds(block, std::min(size, held.usable), held.tag));
    settle(block, size);
  }
  void move_obstacles() {
    if (obstacles_.size() > 8) {
      const std::size_t gone = random_.below(obstacles_.size());
      page_alloc::free(obstacles_[gone], {1});
      obstacles_.erase(obstacles_.begin() + static_cast<std::ptrdiff_t>(gone));
    } else if (auto page = page_alloc::allocate({1})) {
      obstacles_.push_back(page.value());
    }
  }
  void take_largest() {
    const std::size_t before = reserved();
    if (largest_free() == 0) return;
    char* const block = get(largest_free());
    ASSERT_NE(block, nullptr);
    ASSERT_EQ(reserved(), before);
    heap->free(block);
  }

  void step(std::size_t most_blocks) {
    switch (random_.below(20)) {
      case 0:
        return move_obstacles();
      case 1:
        return take_largest();
      case 2:
      case 3:
      case 4:
        return blocks_.empty() ? allocate() : resize_some();
      default:
        return random_.below(2 * most_blocks) < blocks_.size() ? free() : allocate();
    }
  }

  alloc_conformance::Random random_{GetParam()};
  Blocks blocks_;
  std::vector<PhysAddr> obstacles_;
  std::size_t in_use_ = 0;
  std::size_t most_reserved_ = 0;
  std::uint32_t tags_ = 0;
};

TEST_P(TlsfRandomTest, agrees_with_a_map_of_blocks) {
  for (int number = 0; number != 8000; ++number) {
    // The heap grows and shrinks in waves.
    step(number / 2000 % 2 == 0 ? 300 : 20);
    ASSERT_FALSE(HasFatalFailure()) << "step " << number;
    ASSERT_EQ(in_use(), in_use_) << "step " << number;
    most_reserved_ = std::max(most_reserved_, reserved());
    ASSERT_EQ(free_pages() + reserved() / kPageSize + obstacles_.size(), kPages.count);
  }
  while (!blocks_.empty()) free();
  EXPECT_EQ(in_use(), 0u);
  EXPECT_LE(reserved(), 2 * (std::size_t{64} << 10) + most_reserved_ / 2) << "much goes back";
}

INSTANTIATE_TEST_SUITE_P(Seeds, TlsfRandomTest, testing::Range(std::uint64_t{1}, std::uint64_t{7}));

}  // namespace
}  // namespace atl
