// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>

#include <atoll/alloc_debug.hpp>
#include <cstring>

#include "../../alloc/conformance/checks.hpp"
#include "../../alloc/tests/reference_allocator.hpp"

namespace atl {
namespace {

using namespace alloc_conformance;

void report(Misuse misuse, std::uintptr_t, const DebugBlock* block) {
  std::fprintf(stderr, "misuse %d %s\n", static_cast<int>(misuse),
               block == nullptr ? "of no block" : "of a block");
  std::abort();
}

Result<Owned<Allocator>> create() {
  return DebugAllocator::create(Owned<Allocator>{new ReferenceAllocator(Fault::kNone)}, report);
}

class Conformance : public testing::TestWithParam<NamedCheck> {};

// The reference counts what it takes otherwise than what a watcher costs.
TEST_P(Conformance, is_kept_around_another_allocator) {
  auto made = create();
  ASSERT_TRUE(made.ok());
  Subject subject{*made.value(), create};
  GetParam().run(subject);
  EXPECT_EQ(subject.broken_promise, nullptr)
      << subject.broken_promise << ", line " << subject.broken_line << " of the check";
}

INSTANTIATE_TEST_SUITE_P(DebugAllocator, Conformance, testing::ValuesIn(kChecks),
                         [](const auto& check) { return std::string{check.param.name}; });

class DebugAllocatorDeathTest : public testing::Test {
 protected:
  std::string expected(Misuse misuse, bool of_block = true) {
    return "misuse " + std::to_string(static_cast<int>(misuse)) +
           (of_block ? " of a block" : " of no block");
  }
  char* get(std::size_t size) { return static_cast<char*>(heap_->allocate(size)); }
  Owned<Allocator> heap_ = std::move(create()).value();
};

TEST_F(DebugAllocatorDeathTest, a_block_freed_twice_even_later) {
  char* const block = get(24);
  heap_->free(block);
  heap_->free(get(24));
  EXPECT_DEATH(heap_->free(block), expected(Misuse::kDoubleFree));
  EXPECT_DEATH(static_cast<void>(heap_->resize(block, 3)), expected(Misuse::kDoubleFree));
  EXPECT_DEATH(static_cast<void>(heap_->usable_size(block)), expected(Misuse::kDoubleFree));
}

TEST_F(DebugAllocatorDeathTest, what_is_no_block) {
  int local = 0;
  EXPECT_DEATH(heap_->free(&local), expected(Misuse::kForeign, false));
  char* const block = get(100);
  EXPECT_DEATH(heap_->free(block + 16), expected(Misuse::kInside));
  EXPECT_DEATH(heap_->free(block - 16), expected(Misuse::kForeign, false));
  heap_->free(block);
}

TEST_F(DebugAllocatorDeathTest, one_byte_too_many_on_either_side) {
  for (const std::size_t size : {0u, 1u, 23u, 1000u}) {
    char* const block = get(size);
    const auto damaged = [&](std::ptrdiff_t at) {
      block[at] = 1;
      heap_->free(block);
    };
    EXPECT_DEATH(damaged(static_cast<std::ptrdiff_t>(size)), expected(Misuse::kOverflow));
    EXPECT_DEATH(damaged(static_cast<std::ptrdiff_t>(size) + 15), expected(Misuse::kOverflow));
    EXPECT_DEATH(damaged(-1), expected(Misuse::kUnderflow));
    EXPECT_DEATH(damaged(-16), expected(Misuse::kUnderflow));
    EXPECT_DEATH((block[size] = 1, static_cast<void>(heap_->resize(block, 5000))),
                 expected(Misuse::kOverflow));
    heap_->free(block);
  }
}

TEST_F(DebugAllocatorDeathTest, a_write_to_a_freed_block_as_it_goes_back) {
  char* const block = get(100);
  heap_->free(block);
  const auto damaged = [&] {
    block[50] = 1;
    for (int i = 0; i != 100; ++i) heap_->free(get(1000));
  };
  EXPECT_DEATH(damaged(), expected(Misuse::kWriteAfterFree));
}

TEST(DebugAllocator, fresh_and_freed_memory_is_poisoned) {
  auto heap = std::move(create()).value();
  auto* const block = static_cast<unsigned char*>(heap->allocate(40));
  EXPECT_EQ(block[0], 0xa5);
  EXPECT_EQ(block[39], 0xa5);
  std::memset(block, 7, 40);
  heap->free(block);
  EXPECT_EQ(block[0], 0xdf);
  EXPECT_EQ(block[39], 0xdf);
}

TEST(DebugAllocator, finds_a_block_by_any_address_in_it) {
  auto owner = std::move(create()).value();
  auto& heap = static_cast<DebugAllocator&>(*owner);
  for (int i = 0; i != 50; ++i) static_cast<void>(heap.allocate(64));
  const auto start = reinterpret_cast<std::uintptr_t>(heap.allocate(64));
  for (int i = 0; i != 50; ++i) static_cast<void>(heap.allocate(64));
  EXPECT_EQ(heap.block_at(start - 1), nullptr);
  EXPECT_EQ(heap.block_at(start)->start(), start);
  EXPECT_EQ(heap.block_at(start + 64)->start(), start);
  EXPECT_EQ(heap.block_at(start + 65), nullptr);
  std::size_t blocks = 0;
  heap.for_each([&](const DebugBlock&) { ++blocks; });
  EXPECT_EQ(blocks, 101u);
}

}  // namespace
}  // namespace atl
