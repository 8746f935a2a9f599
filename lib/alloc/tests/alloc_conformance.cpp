// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// Linked with one provider of `alloc`: what create_allocator() makes must pass
// every check, and give every page back.
#include <gtest/gtest.h>

#include <atoll/direct_map.hpp>
#include <atoll/page_alloc.hpp>
#include <cstdlib>

#include "../conformance/checks.hpp"

namespace atl::alloc_conformance {
namespace {

/// Host memory that plays all RAM there is.
class Memory : public testing::Environment {
 public:
  void SetUp() override {
    constexpr std::size_t kBytes = std::size_t{16} << 20;
    const VirtAddr start = VirtAddr::of(std::aligned_alloc(kPageSize, kBytes));
    direct_map_base = start.align_down(kDirectMapAlignment);
    ASSERT_TRUE(page_alloc::add_region({to_physical(start), kBytes}).ok());
  }
};

const auto* const memory = testing::AddGlobalTestEnvironment(new Memory);

class AllocConformance : public testing::TestWithParam<NamedCheck> {};

TEST_P(AllocConformance, keeps) {
  const std::uint64_t before = page_alloc::statistics().free.count;
  {
    auto allocator = create_allocator();
    ASSERT_TRUE(allocator.ok());
    Subject subject{*allocator.value(), create_allocator};
    GetParam().run(subject);
    EXPECT_EQ(subject.broken_promise, nullptr)
        << subject.broken_promise << ", line " << subject.broken_line << " of the check";
  }
  EXPECT_EQ(page_alloc::statistics().free.count, before) << "pages were lost";
}

INSTANTIATE_TEST_SUITE_P(Alloc, AllocConformance, testing::ValuesIn(kChecks),
                         [](const auto& check) { return std::string{check.param.name}; });

TEST(AllocConformanceDeathTest, a_block_freed_twice_in_a_row_is_asserted) {
  auto allocator = create_allocator();
  ASSERT_TRUE(allocator.ok());
  for (const std::size_t size : {1u, 24u, 1000u, 2049u, 100'000u}) {
    void* const block = allocator.value()->allocate(size);
    allocator.value()->free(block);
    EXPECT_DEATH(allocator.value()->free(block), "assertion failed") << size;
  }
}

TEST(AllocCreate, without_a_page_is_no_memory) {
  const PageCount all = page_alloc::statistics().free;
  auto taken = page_alloc::allocate(all);
  ASSERT_TRUE(taken.ok());
  EXPECT_EQ(create_allocator().error(), Errc::kNoMemory);
  page_alloc::free(taken.value(), all);
}

}  // namespace
}  // namespace atl::alloc_conformance
