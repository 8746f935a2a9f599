// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>

#include <atoll/make.hpp>

#include "reference_allocator.hpp"

namespace atl {

Result<void> alloc_init();

namespace {

bool without_memory = false;

class Counted final : public OnHeap<Counted> {
 public:
  explicit Counted(int& alive, int number = 0) : value(number), alive_(alive) { ++alive_; }
  ~Counted() { --alive_; }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;

  int value;

 private:
  int& alive_;
};

struct alignas(256) Wide : OnHeap<Wide> {
  char bytes[256];
};

struct Huge : OnHeap<Huge> {
  char bytes[64 << 20];
};

class MakeTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { ASSERT_TRUE(alloc_init().ok()); }
};

TEST_F(MakeTest, the_default_allocator_is_what_the_provider_creates) {
  Owned<Allocator> first{&default_allocator()};
  ASSERT_TRUE(alloc_init().ok());
  EXPECT_NE(&default_allocator(), first.get());
}

TEST_F(MakeTest, failure_to_create_is_passed_on) {
  without_memory = true;
  EXPECT_EQ(alloc_init().error(), Errc::kNoMemory);
  without_memory = false;
}

TEST_F(MakeTest, the_owner_ends_the_object_and_gives_its_memory_back) {
  const std::size_t in_use = default_allocator().statistics().in_use;
  int alive = 0;
  {
    auto made = make<Counted>(alive, 7);
    ASSERT_TRUE(made.ok());
    Owned<Counted> owner = std::move(made).value();
    EXPECT_EQ(owner->value, 7);
    EXPECT_EQ(alive, 1);
    EXPECT_GT(default_allocator().statistics().in_use, in_use);
  }
  EXPECT_EQ(alive, 0);
  EXPECT_EQ(default_allocator().statistics().in_use, in_use);
}

TEST_F(MakeTest, alignment_of_the_type_is_kept) {
  auto made = make<Wide>();
  ASSERT_TRUE(made.ok());
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(made.value().get()) % alignof(Wide), 0u);
}

TEST_F(MakeTest, without_memory_nothing_is_made) {
  EXPECT_EQ(make<Huge>().error(), Errc::kNoMemory);
}

TEST_F(MakeTest, objects_can_be_made_in_a_certain_allocator) {
  auto other = create_allocator();
  int alive = 0;
  auto made = make_in<Counted>(*other.value(), alive);
  ASSERT_TRUE(made.ok());
  EXPECT_GT(other.value()->statistics().in_use, 0u);
  destroy_in(*other.value(), *made.value());
  EXPECT_EQ(alive, 0);
  EXPECT_EQ(other.value()->statistics().in_use, 0u);
}

}  // namespace

/// What a provider would define.
Result<Owned<Allocator>> create_allocator() {
  using namespace alloc_conformance;
  if (without_memory) return fail(Errc::kNoMemory);
  return Owned<Allocator>{new ReferenceAllocator(Fault::kNone)};
}

}  // namespace atl
