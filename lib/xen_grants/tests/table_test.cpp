// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "table.hpp"

#include <gtest/gtest.h>
#include <random>
#include <set>
#include <vector>

namespace {

using atl::Errc;
using atl::xen::GrantTable;

constexpr std::size_t kEntries = 64;
constexpr std::size_t kUsable = kEntries - GNTTAB_NR_RESERVED_ENTRIES;

class GrantTableTest : public testing::Test {
 protected:
  std::vector<grant_entry_v1> entries = std::vector<grant_entry_v1>(kEntries);
  GrantTable table{entries};
};

TEST_F(GrantTableTest, a_grant_says_who_may_do_what_with_which_page) {
  const auto ref = table.add(5, 0x1234, true);
  ASSERT_TRUE(ref.ok());
  EXPECT_EQ(entries[ref.value()].flags, GTF_permit_access);
  EXPECT_EQ(entries[ref.value()].domid, 5);
  EXPECT_EQ(entries[ref.value()].frame, 0x1234u);
  const auto constant = table.add(6, 1, false);
  EXPECT_EQ(entries[constant.value()].flags, GTF_permit_access | GTF_readonly);
}

TEST_F(GrantTableTest, reserved_entries_are_never_given) {
  std::set<std::uint32_t> given;
  while (true) {
    const auto ref = table.add(1, 1, true);
    if (!ref.ok()) {
      EXPECT_EQ(ref.error(), Errc::kNoSpace);
      break;
    }
    EXPECT_GE(ref.value(), static_cast<std::uint32_t>(GNTTAB_NR_RESERVED_ENTRIES));
    EXPECT_TRUE(given.insert(ref.value()).second);
  }
  EXPECT_EQ(given.size(), kUsable);
  EXPECT_EQ(table.left(), 0u);
}

TEST_F(GrantTableTest, what_was_taken_back_is_given_again_and_means_nothing_meanwhile) {
  const auto ref = table.add(1, 1, true);
  EXPECT_EQ(table.left(), kUsable - 1);
  ASSERT_TRUE(table.remove(ref.value()).ok());
  EXPECT_EQ(entries[ref.value()].flags, GTF_invalid);
  EXPECT_EQ(table.left(), kUsable);
  EXPECT_EQ(table.add(2, 2, true).value(), ref.value());
}

TEST_F(GrantTableTest, a_page_in_use_is_not_taken_back) {
  const auto ref = table.add(1, 1, true);
  for (const unsigned use : {GTF_reading, GTF_writing, GTF_reading | GTF_writing}) {
    entries[ref.value()].flags |= static_cast<std::uint16_t>(use);
    EXPECT_EQ(table.remove(ref.value()).error(), Errc::kBusy);
    entries[ref.value()].flags &= static_cast<std::uint16_t>(~use);
  }
  EXPECT_TRUE(table.remove(ref.value()).ok());
}

TEST_F(GrantTableTest, what_was_not_given_cannot_be_taken_back) {
  for (const std::uint32_t ref : {0u, 7u, 8u, 63u, 64u, ~0u}) {
    EXPECT_EQ(table.remove(ref).error(), Errc::kInvalidArgument) << ref;
  }
  EXPECT_EQ(table.left(), kUsable);
}

TEST_F(GrantTableTest, without_a_table_there_is_nothing_to_give) {
  GrantTable none;
  EXPECT_EQ(none.add(1, 1, true).error(), Errc::kNoDevice);
  EXPECT_EQ(none.remove(8).error(), Errc::kInvalidArgument);
}

TEST_F(GrantTableTest, many_come_and_go) {
  std::mt19937 random{1};
  std::vector<std::uint32_t> given;
  for (int i = 0; i < 10'000; ++i) {
    if (random() % 2 == 0) {
      const auto ref = table.add(1, static_cast<std::uint32_t>(random()), random() % 2 == 0);
      ASSERT_EQ(ref.ok(), given.size() < kUsable);
      if (ref.ok()) given.push_back(ref.value());
    } else if (!given.empty()) {
      const std::size_t one = random() % given.size();
      ASSERT_TRUE(table.remove(given[one]).ok());
      given.erase(given.begin() + static_cast<std::ptrdiff_t>(one));
    }
    ASSERT_EQ(table.left(), kUsable - given.size());
  }
}

}  // namespace
