// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "../src/address_space.hpp"

#include <gtest/gtest.h>

#include <atoll/direct_map.hpp>
#include <atoll/page_alloc.hpp>
#include <cstdlib>
#include <cstring>

namespace atl::mimalloc {
namespace {

constexpr std::size_t kChunk = AddressSpace::kChunkBytes;
constexpr std::size_t kSegment = std::size_t{32} << 20;

/// Host memory that plays all RAM there is: 20 chunks and a few pages.
class Memory : public testing::Environment {
 public:
  void SetUp() override {
    constexpr std::size_t kBytes = 20 * kChunk + 16 * kPageSize;
    const VirtAddr start = VirtAddr::of(std::aligned_alloc(kPageSize, kBytes));
    direct_map_base = start.align_down(kDirectMapAlignment);
    ASSERT_TRUE(page_alloc::add_region({to_physical(start), kBytes}).ok());
  }
};

const auto* const memory = testing::AddGlobalTestEnvironment(new Memory);

class MimallocAddressSpace : public testing::Test {
 protected:
  void SetUp() override {
    before_ = page_alloc::statistics().free;
    auto made = AddressSpace::create(kSegment, kSegment);
    ASSERT_TRUE(made.ok());
    space = made.value();
  }
  void TearDown() override {
    AddressSpace::destroy(*space);
    EXPECT_EQ(page_alloc::statistics().free.count, before_.count) << "pages were lost";
  }
  [[nodiscard]] std::size_t taken() const {
    return (before_ - page_alloc::statistics().free).bytes() - space->own_bytes();
  }
  VirtAddr at(std::size_t offset) { return space->start() + offset; }

  AddressSpace* space = nullptr;

 private:
  PageCount before_;
};

TEST_F(MimallocAddressSpace, is_aligned_and_empty) {
  EXPECT_TRUE(space->start().is_aligned(kSegment));
  EXPECT_EQ(space->bytes(), kSegment);
  EXPECT_EQ(taken(), 0u);
}

TEST_F(MimallocAddressSpace, commits_each_chunk_that_is_touched_once) {
  EXPECT_EQ(space->commit(at(kChunk - 1), 2).value(), 2 * kChunk);
  std::memset(at(0).as(), 1, 2 * kChunk);
  EXPECT_EQ(space->commit(at(0), 3 * kChunk).value(), kChunk);
  EXPECT_EQ(space->commit(at(0), 3 * kChunk).value(), 0u);
  EXPECT_EQ(taken(), 3 * kChunk);
  EXPECT_EQ(*VirtAddr{at(5)}.as<char>(), 1) << "what was there has changed";
}

TEST_F(MimallocAddressSpace, decommits_whole_chunks_only) {
  ASSERT_TRUE(space->commit(at(0), 4 * kChunk).ok());
  EXPECT_EQ(space->decommit(at(1), 3 * kChunk), 2 * kChunk);
  EXPECT_EQ(space->decommit(at(0), 4 * kChunk), 2 * kChunk);
  EXPECT_EQ(space->decommit(at(0), 4 * kChunk), 0u);
  EXPECT_EQ(taken(), 0u);
}

TEST_F(MimallocAddressSpace, without_memory_nothing_changes) {
  ASSERT_TRUE(space->commit(at(2 * kChunk), kChunk).ok());
  EXPECT_EQ(space->commit(at(0), 30 * kChunk).error(), Errc::kNoMemory);
  EXPECT_EQ(taken(), kChunk) << "what it had stays, what it got goes back";
  EXPECT_EQ(space->commit(at(0), 15 * kChunk).value(), 14 * kChunk);
}

TEST_F(MimallocAddressSpace, too_large_is_no_memory) {
  EXPECT_EQ(AddressSpace::create(std::size_t{1} << 46, kSegment).error(), Errc::kNoMemory);
  EXPECT_EQ(AddressSpace::create(~std::size_t{0} - kSegment + 1, kSegment).error(),
            Errc::kNoMemory);
  EXPECT_EQ(taken(), 0u);
}

}  // namespace
}  // namespace atl::mimalloc
