// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/arch/page_table_entry.hpp>

#include <gtest/gtest.h>

namespace atl::arch {
namespace {

constexpr std::uint64_t kNoExecute = std::uint64_t{1} << 63;
constexpr PhysAddr kFrame{0x000a'bcde'f012'3000};

// Intel SDM 3A §4.5, Tables 4-16 to 4-20.
TEST(PageTableEntry, WritesTheBitsOfTheManual) {
  using E = PageTableEntry;
  EXPECT_EQ(E::make_table(kFrame).raw(), kFrame.value() | 0x23);
  EXPECT_EQ(E::make_leaf(kFrame, Access::kReadOnly, Memory::kNormal, 0).raw(),
            kFrame.value() | 0x21 | kNoExecute);
  EXPECT_EQ(E::make_leaf(kFrame, Access::kReadWrite, Memory::kNormal, 0).raw(),
            kFrame.value() | 0x63 | kNoExecute);
  EXPECT_EQ(E::make_leaf(kFrame, Access::kReadExecute, Memory::kNormal, 0).raw(),
            kFrame.value() | 0x21);
  EXPECT_EQ(E::make_leaf(kFrame, Access::kReadWrite, Memory::kDevice, 0).raw(),
            kFrame.value() | 0x7b | kNoExecute);
  EXPECT_EQ(E::make_leaf(PhysAddr{0x4020'0000}, Access::kReadOnly, Memory::kNormal, 1).raw(),
            0x4020'0000 | 0xa1 | kNoExecute);
  EXPECT_EQ(E::make_leaf(PhysAddr{0x4000'0000}, Access::kReadOnly, Memory::kNormal, 2).raw(),
            0x4000'0000 | 0xa1 | kNoExecute);
}

TEST(PageTableEntry, ReadsBackWhatItWrote) {
  for (unsigned level = 0; level < 3; ++level) {
    for (const Access access : {Access::kReadOnly, Access::kReadWrite, Access::kReadExecute}) {
      for (const Memory memory : {Memory::kNormal, Memory::kDevice}) {
        const auto leaf = PageTableEntry::make_leaf(PhysAddr{0x8000'0000}, access, memory, level);
        EXPECT_TRUE(leaf.is_present());
        EXPECT_TRUE(leaf.is_leaf(level));
        EXPECT_EQ(leaf.access(), access);
        EXPECT_EQ(leaf.memory(), memory);
        EXPECT_EQ(leaf.address(), PhysAddr{0x8000'0000});
        // Never both, whatever is asked for.
        EXPECT_FALSE((leaf.raw() & 2) != 0 && (leaf.raw() & kNoExecute) == 0);
      }
    }
  }
  const auto table = PageTableEntry::make_table(kFrame);
  EXPECT_TRUE(table.is_present());
  for (unsigned level = 1; level < 4; ++level) EXPECT_FALSE(table.is_leaf(level));
  EXPECT_EQ(table.address(), kFrame);
}

TEST(PageTableEntry, NeighboursDifferByTheirAddress) {
  const auto first = PageTableEntry::make_leaf(PhysAddr{0}, Access::kReadWrite, Memory::kNormal, 1);
  const auto next =
      PageTableEntry::make_leaf(PhysAddr{2 << 20}, Access::kReadWrite, Memory::kNormal, 1);
  EXPECT_EQ(next.raw() - first.raw(), std::uint64_t{2 << 20});
}

TEST(PageTableEntry, AGuardIsAbsent) {
  EXPECT_FALSE(PageTableEntry::from_raw(kGuardEntry).is_present());
  EXPECT_FALSE(PageTableEntry{}.is_present());
}

}  // namespace
}  // namespace atl::arch
