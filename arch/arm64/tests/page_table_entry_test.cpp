// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/arch/page_table_entry.hpp>

#include <gtest/gtest.h>

namespace {

using atl::PhysAddr;
using atl::arch::Access;
using atl::arch::Memory;
using atl::arch::PageTableEntry;

constexpr std::uint64_t kPxn = std::uint64_t{1} << 53;
constexpr std::uint64_t kUxn = std::uint64_t{1} << 54;
constexpr std::uint64_t kReadOnly = 1u << 7;
constexpr std::uint64_t kUser = 1u << 6;

constexpr PhysAddr kFrame{0x0000'ffff'ffe0'0000};

TEST(PageTableEntry, zero_is_absent) {
  EXPECT_FALSE(PageTableEntry::from_raw(0).is_present());
  EXPECT_FALSE(PageTableEntry::from_raw(atl::arch::kGuardEntry).is_present());
}

TEST(PageTableEntry, a_table_is_no_leaf_but_at_the_last_level) {
  const auto table = PageTableEntry::make_table(PhysAddr{0x4000'1000});
  EXPECT_EQ(table.raw(), 0x4000'1003u);
  EXPECT_TRUE(table.is_present());
  EXPECT_FALSE(table.is_leaf(1));
  EXPECT_FALSE(table.is_leaf(3));
  EXPECT_TRUE(table.is_leaf(0));
  EXPECT_EQ(table.address(), PhysAddr{0x4000'1000});
}

TEST(PageTableEntry, leaves_keep_what_they_were_made_of) {
  for (const unsigned level : {0u, 1u, 2u}) {
    for (const Access access : {Access::kReadOnly, Access::kReadWrite, Access::kReadExecute}) {
      for (const Memory memory : {Memory::kNormal, Memory::kDevice}) {
        const auto leaf = PageTableEntry::make_leaf(kFrame, access, memory, level);
        EXPECT_TRUE(leaf.is_present());
        EXPECT_TRUE(leaf.is_leaf(level));
        EXPECT_EQ(leaf.address(), kFrame);
        EXPECT_EQ(leaf.access(), access);
        EXPECT_EQ(leaf.memory(), memory);
      }
    }
  }
}

TEST(PageTableEntry, type_bit_tells_page_from_block) {
  EXPECT_EQ(PageTableEntry::make_leaf(kFrame, Access::kReadOnly, Memory::kNormal, 0).raw() & 3, 3u);
  EXPECT_EQ(PageTableEntry::make_leaf(kFrame, Access::kReadOnly, Memory::kNormal, 1).raw() & 3, 1u);
}

TEST(PageTableEntry, nothing_is_writable_and_executable_or_open_to_el0) {
  for (const Access access : {Access::kReadOnly, Access::kReadWrite, Access::kReadExecute}) {
    const auto raw = PageTableEntry::make_leaf(kFrame, access, Memory::kNormal, 0).raw();
    EXPECT_TRUE((raw & kReadOnly) != 0 || (raw & kPxn) != 0);
    EXPECT_NE(raw & kUxn, 0u);
    EXPECT_EQ(raw & kUser, 0u);
  }
}

TEST(PageTableEntry, access_flag_is_set_lest_the_first_use_fault) {
  const auto raw = PageTableEntry::make_leaf(kFrame, Access::kReadOnly, Memory::kNormal, 0).raw();
  EXPECT_NE(raw & (1u << 10), 0u);
}

TEST(PageTableEntry, attribute_index_selects_what_mair_says) {
  const auto index = [](Memory memory) {
    return (PageTableEntry::make_leaf(kFrame, Access::kReadWrite, memory, 0).raw() >> 2) & 7;
  };
  const auto attribute = [](std::uint64_t at) {
    return (PageTableEntry::kMemoryAttributes >> (8 * at)) & 0xff;
  };
  EXPECT_EQ(attribute(index(Memory::kNormal)), 0xffu);
  EXPECT_EQ(attribute(index(Memory::kDevice)), 0x04u);
}

}  // namespace
