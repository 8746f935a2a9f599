// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "test_memory.hpp"

#include <gtest/gtest.h>
#include <map>
#include <random>

namespace atl::test {
namespace {

using Table = PageTable;
using arch::Access;
using arch::Memory;
using arch::PageTableEntry;

constexpr std::uint64_t k4K = 4096;
constexpr std::uint64_t k2M = k4K * 512;
constexpr std::uint64_t k1G = k2M * 512;
constexpr VirtAddr kBase{0xffff'8000'0000'0000};

class PageTableTest : public testing::Test {
 protected:
  Table make(std::size_t pages = 64, unsigned largest_block = 2) {
    memory_.emplace(pages);
    PageTableEntry::replaced.clear();
    return Table{memory_->next(), memory_->pages(largest_block)};
  }
  std::optional<TestMemory> memory_;
};

TEST_F(PageTableTest, EmptyTableMapsNothing) {
  Table table = make();
  EXPECT_FALSE(table.lookup(VirtAddr{0}));
  EXPECT_FALSE(table.lookup(VirtAddr{0xffff'ffff'ffff'ffff}));
  EXPECT_EQ(table.note(VirtAddr{0}), 0u);
}

TEST_F(PageTableTest, LookupKeepsTheOffsetInThePage) {
  Table table = make();
  ASSERT_TRUE(table.map(kBase, PhysAddr{0x5000}, PageCount{1}, Access::kReadOnly).ok());
  const auto found = table.lookup(kBase + 0x123);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->frame, PhysAddr{0x5123});
  EXPECT_EQ(found->block_size, k4K);
  EXPECT_EQ(found->access, Access::kReadOnly);
  EXPECT_EQ(found->memory, Memory::kNormal);
  EXPECT_FALSE(table.lookup(kBase + k4K));
  EXPECT_FALSE(table.lookup(kBase - 1));
}

TEST_F(PageTableTest, TakesTheLargestBlocksThatFit) {
  Table table = make();
  // From 4 KiB under 1 GiB to 4 KiB over 2 GiB + 2 MiB.
  const PageCount count = PageCount::holding(k1G + k2M + 2 * k4K);
  ASSERT_TRUE(table.map(kBase + k1G - k4K, PhysAddr{k1G - k4K}, count, Access::kReadWrite).ok());
  EXPECT_EQ(table.lookup(kBase + k1G - 1)->block_size, k4K);
  EXPECT_EQ(table.lookup(kBase + k1G)->block_size, k1G);
  EXPECT_EQ(table.lookup(kBase + 2 * k1G + k2M - 1)->block_size, k2M);
  EXPECT_EQ(table.lookup(kBase + 2 * k1G + k2M)->block_size, k4K);
  EXPECT_FALSE(table.lookup(kBase + 2 * k1G + k2M + k4K));
  EXPECT_EQ(table.lookup(kBase + k1G + 0x1234567)->frame, PhysAddr{k1G + 0x1234567});
}

TEST_F(PageTableTest, ObeysTheLargestBlock) {
  Table table = make(64, 0);
  ASSERT_TRUE(table.map(kBase, PhysAddr{0}, PageCount::holding(2 * k2M), Access::kReadOnly).ok());
  EXPECT_EQ(table.lookup(kBase)->block_size, k4K);
  Table blocks = make(64, 1);
  ASSERT_TRUE(blocks.map(kBase, PhysAddr{0}, PageCount::holding(k1G), Access::kReadOnly).ok());
  EXPECT_EQ(blocks.lookup(kBase)->block_size, k2M);
}

TEST_F(PageTableTest, UnalignedFrameForbidsBlocks) {
  Table table = make();
  ASSERT_TRUE(table.map(kBase, PhysAddr{k4K}, PageCount{512}, Access::kReadOnly).ok());
  EXPECT_EQ(table.lookup(kBase)->block_size, k4K);
}

TEST_F(PageTableTest, BlockOverAnEmptyTableBecomesPages) {
  Table table = make();
  ASSERT_TRUE(table.map(kBase, PhysAddr{0}, PageCount{1}, Access::kReadOnly).ok());
  ASSERT_TRUE(table.unmap(kBase, PageCount{1}).ok());
  ASSERT_TRUE(table.map(kBase, PhysAddr{0}, PageCount{1024}, Access::kReadOnly).ok());
  EXPECT_EQ(table.lookup(kBase)->block_size, k4K);
  EXPECT_EQ(table.lookup(kBase + k2M)->block_size, k2M);
}

TEST_F(PageTableTest, ExistingMappingRefusesAndLeavesNothingBehind) {
  Table table = make();
  ASSERT_TRUE(table.map(kBase + 5 * k4K, PhysAddr{0}, PageCount{1}, Access::kReadOnly).ok());
  EXPECT_EQ(table.map(kBase, PhysAddr{0}, PageCount{10}, Access::kReadWrite).error(),
            Errc::kExists);
  EXPECT_FALSE(table.lookup(kBase));
  EXPECT_FALSE(table.lookup(kBase + 4 * k4K));
  EXPECT_EQ(table.lookup(kBase + 5 * k4K)->access, Access::kReadOnly);
}

TEST_F(PageTableTest, ExistingBlockRefusesAPageInside) {
  Table table = make();
  ASSERT_TRUE(table.map(kBase, PhysAddr{0}, PageCount{512}, Access::kReadWrite).ok());
  EXPECT_EQ(table.map(kBase + 7 * k4K, PhysAddr{0}, PageCount{1}, Access::kReadOnly).error(),
            Errc::kExists);
  EXPECT_EQ(table.lookup(kBase)->block_size, k2M);
}

TEST_F(PageTableTest, OutOfTablePagesLeavesNothingBehind) {
  Table table = make(4);  // the root and one branch
  ASSERT_TRUE(table.map(kBase, PhysAddr{0}, PageCount{1}, Access::kReadOnly).ok());
  EXPECT_EQ(table.map(kBase + k2M - k4K, PhysAddr{0x1000}, PageCount{2}, Access::kReadOnly).error(),
            Errc::kNoMemory);
  EXPECT_FALSE(table.lookup(kBase + k2M - k4K));
  EXPECT_TRUE(table.lookup(kBase));
}

TEST_F(PageTableTest, RejectsRangesThatAreNone) {
  Table table = make();
  const auto map = [&](std::uint64_t start, std::uint64_t frame, std::uint64_t pages) {
    return table.map(VirtAddr{start}, PhysAddr{frame}, PageCount{pages}, Access::kReadOnly).error();
  };
  EXPECT_EQ(map(1, 0, 1), Errc::kInvalidArgument);
  EXPECT_EQ(map(0, 1, 1), Errc::kInvalidArgument);
  EXPECT_EQ(map(0x0000'8000'0000'0000, 0, 1), Errc::kInvalidArgument);
  EXPECT_EQ(map(0x0000'7fff'ffff'f000, 0, 2), Errc::kInvalidArgument);
  EXPECT_EQ(map(0xffff'7fff'ffff'f000, 0, 1), Errc::kInvalidArgument);
  EXPECT_EQ(map(0xffff'ffff'ffff'f000, 0, 2), Errc::kInvalidArgument);
  EXPECT_EQ(map(0, 0, ~0ULL), Errc::kInvalidArgument);
  EXPECT_EQ(map(0, 0, 1ULL << 52), Errc::kInvalidArgument);
  EXPECT_EQ(map(0, 1ULL << 52, 1), Errc::kInvalidArgument);
  EXPECT_EQ(map(0, 0xffff'ffff'ffff'f000, 1), Errc::kInvalidArgument);
  EXPECT_EQ(map(0, 0, 0), Errc{});
  EXPECT_EQ(map(0xffff'ffff'ffff'f000, 0, 1), Errc{});
  EXPECT_EQ(map(0x0000'7fff'ffff'f000, 0, 1), Errc{});
  EXPECT_EQ(table.unmap(VirtAddr{8}, PageCount{1}).error(), Errc::kInvalidArgument);
  EXPECT_EQ(table.protect(VirtAddr{8}, PageCount{1}, Access::kReadOnly).error(),
            Errc::kInvalidArgument);
  EXPECT_EQ(table.mark(VirtAddr{8}, 1).error(), Errc::kInvalidArgument);
  EXPECT_TRUE(table.unmap(VirtAddr{0xffff'ffff'ffff'f000}, PageCount{1}).ok());
  EXPECT_FALSE(table.lookup(VirtAddr{0xffff'ffff'ffff'ffff}));
}

TEST_F(PageTableTest, ProtectSplitsBlocksThatStickOut) {
  Table table = make();
  ASSERT_TRUE(table.map(kBase, PhysAddr{k1G}, PageCount::holding(k1G), Access::kReadWrite).ok());
  const VirtAddr start = kBase + k2M + k4K;
  ASSERT_TRUE(table.protect(start, PageCount{2}, Access::kReadExecute).ok());
  EXPECT_EQ(table.lookup(start)->access, Access::kReadExecute);
  EXPECT_EQ(table.lookup(start + k4K)->access, Access::kReadExecute);
  EXPECT_EQ(table.lookup(start - 1)->access, Access::kReadWrite);
  EXPECT_EQ(table.lookup(start + 2 * k4K)->access, Access::kReadWrite);
  EXPECT_EQ(table.lookup(start)->frame, PhysAddr{k1G + k2M + k4K});
  EXPECT_EQ(table.lookup(kBase)->block_size, k2M);
  EXPECT_EQ(table.lookup(kBase)->frame, PhysAddr{k1G});
  EXPECT_EQ(PageTableEntry::replaced[kBase.value()], 2u);
  EXPECT_EQ(PageTableEntry::replaced[(kBase + k2M).value()], 1u);
}

TEST_F(PageTableTest, ProtectOfWholeBlocksSplitsNothing) {
  Table table = make();
  ASSERT_TRUE(table.map(kBase, PhysAddr{0}, PageCount::holding(k1G), Access::kReadWrite).ok());
  ASSERT_TRUE(table.protect(kBase, PageCount::holding(k1G), Access::kReadOnly).ok());
  EXPECT_EQ(table.lookup(kBase)->block_size, k1G);
  EXPECT_EQ(table.lookup(kBase)->access, Access::kReadOnly);
}

TEST_F(PageTableTest, ProtectOfAHoleChangesNothing) {
  Table table = make();
  ASSERT_TRUE(table.map(kBase, PhysAddr{0}, PageCount{2}, Access::kReadWrite).ok());
  EXPECT_EQ(table.protect(kBase, PageCount{3}, Access::kReadOnly).error(), Errc::kBadAddress);
  EXPECT_EQ(table.lookup(kBase)->access, Access::kReadWrite);
}

TEST_F(PageTableTest, SplitKeepsDeviceMemory) {
  Table table = make();
  ASSERT_TRUE(
      table.map(kBase, PhysAddr{0}, PageCount{512}, Access::kReadWrite, Memory::kDevice).ok());
  ASSERT_TRUE(table.protect(kBase + k4K, PageCount{1}, Access::kReadOnly).ok());
  EXPECT_EQ(table.lookup(kBase)->memory, Memory::kDevice);
  EXPECT_EQ(table.lookup(kBase + k4K)->memory, Memory::kDevice);
}

TEST_F(PageTableTest, UnmapThatCannotSplitChangesNothing) {
  Table table = make(3);  // root and two tables: a 2-MiB block has no page to split into
  ASSERT_TRUE(table.map(kBase, PhysAddr{0}, PageCount{512}, Access::kReadWrite).ok());
  EXPECT_EQ(table.unmap(kBase, PageCount{1}).error(), Errc::kNoMemory);
  EXPECT_EQ(table.lookup(kBase)->block_size, k2M);
}

TEST_F(PageTableTest, MarksAreNotMappings) {
  Table table = make();
  ASSERT_TRUE(table.mark(kBase, 7).ok());
  EXPECT_EQ(table.note(kBase + 0xfff), 7u);
  EXPECT_EQ(table.note(kBase + k4K), 0u);
  EXPECT_FALSE(table.lookup(kBase));
  EXPECT_EQ(table.map(kBase, PhysAddr{0}, PageCount{1}, Access::kReadOnly).error(), Errc::kExists);
  EXPECT_EQ(table.note(kBase), 7u);
  ASSERT_TRUE(table.unmap(kBase, PageCount{1}).ok());
  EXPECT_EQ(table.note(kBase), 0u);
  ASSERT_TRUE(table.map(kBase, PhysAddr{0}, PageCount{1}, Access::kReadOnly).ok());
  EXPECT_EQ(table.mark(kBase, 7).error(), Errc::kExists);
  EXPECT_EQ(table.note(kBase), 0u);
  EXPECT_TRUE(table.mark(kBase + k4K, 0xffff'ffff).ok());
  EXPECT_EQ(table.note(kBase + k4K), 0xffff'ffffu);
}

TEST_F(PageTableTest, VisitsLeavesInOrder) {
  Table table = make();
  ASSERT_TRUE(table.map(kBase + k4K, PhysAddr{0x9000}, PageCount{1}, Access::kReadOnly).ok());
  ASSERT_TRUE(table.map(kBase + k2M, PhysAddr{0}, PageCount{512}, Access::kReadWrite).ok());
  std::vector<std::uint64_t> seen;
  EXPECT_TRUE(table.for_each(kBase, PageCount::holding(k1G), [&](VirtAddr at, const auto& leaf) {
    seen.push_back(at - kBase);
    seen.push_back(leaf.block_size);
    return true;
  }));
  EXPECT_EQ(seen, (std::vector<std::uint64_t>{k4K, k4K, k2M, k2M}));
  EXPECT_FALSE(table.for_each(kBase, PageCount{2}, [](VirtAddr, const auto&) { return false; }));
}

/// Random operations against a map of single pages.
TEST_F(PageTableTest, AgreesWithAModel) {
  std::mt19937_64 random{20240817};
  Table table = make(3000);
  struct Page {
    std::uint64_t frame;
    Access access;
    bool operator==(const Page&) const = default;
  };
  std::map<std::uint64_t, Page> model;
  constexpr std::uint64_t kSpan = 3 * 512;
  for (int step = 0; step < 600; ++step) {
    const std::uint64_t first = (random() % kSpan) & ~((1ULL << (random() % 11)) - 1);
    const std::uint64_t count = random() % 3 == 0 ? 512 : random() % 100;
    const VirtAddr start = kBase + first * k4K;
    const auto access = static_cast<Access>(random() % 3);
    bool any = false;
    bool all = true;
    for (std::uint64_t i = first; i < first + count; ++i) {
      (model.contains(i) ? any : all) = model.contains(i);
    }
    switch (random() % 3) {
      case 0: {
        const std::uint64_t frame = first + (random() % 2) * 512;
        const Errc error = table.map(start, PhysAddr{frame * k4K}, {count}, access).error();
        ASSERT_EQ(error, any ? Errc::kExists : Errc{}) << step;
        if (any) break;
        for (std::uint64_t i = 0; i < count; ++i) model[first + i] = {frame + i, access};
        break;
      }
      case 1:
        ASSERT_TRUE(table.unmap(start, {count}).ok());
        for (std::uint64_t i = 0; i < count; ++i) model.erase(first + i);
        break;
      default: {
        const Errc error = table.protect(start, {count}, access).error();
        ASSERT_EQ(error, all ? Errc{} : Errc::kBadAddress) << step;
        if (!all) break;
        for (std::uint64_t i = 0; i < count; ++i) model[first + i].access = access;
      }
    }
    for (std::uint64_t i = 0; i < kSpan + 600; ++i) {
      const auto found = table.lookup(kBase + i * k4K);
      ASSERT_EQ(found.has_value(), model.contains(i)) << step << " page " << i;
      if (found) {
        ASSERT_EQ((Page{found->frame.value() / k4K, found->access}), model[i]) << step;
      }
    }
  }
}

}  // namespace
}  // namespace atl::test
