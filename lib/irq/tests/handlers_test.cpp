// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>

#include <atoll/host/machine.hpp>
#include <atoll/irq_handlers.hpp>

namespace {

using atl::Errc;
using atl::irq::HandlerTable;

struct HandlerTableTest : testing::Test {
  void SetUp() override { atl::host::reset_machine(); }

  static void count(void* context) { ++*static_cast<int*>(context); }

  HandlerTable table;
  int calls = 0;
};

TEST_F(HandlerTableTest, runs_what_was_added_for_the_line) {
  int other = 0;
  ASSERT_TRUE(table.add(33, count, &calls).ok());
  ASSERT_TRUE(table.add(34, count, &other).ok());
  EXPECT_FALSE(table.unmask(33));
  EXPECT_TRUE(table.run(33));
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(other, 0);
}

TEST_F(HandlerTableTest, says_that_nobody_handles_a_line) {
  EXPECT_FALSE(table.run(33));
  EXPECT_FALSE(table.contains(33));
  EXPECT_FALSE(table.unmask(33));
  table.mask(33);
  table.remove(33);
}

TEST_F(HandlerTableTest, a_line_starts_masked) {
  ASSERT_TRUE(table.add(33, count, &calls).ok());
  EXPECT_TRUE(table.run(33));
  EXPECT_EQ(calls, 0);
}

TEST_F(HandlerTableTest, remembers_one_interrupt_while_masked) {
  ASSERT_TRUE(table.add(33, count, &calls).ok());
  table.run(33);
  table.run(33);
  EXPECT_TRUE(table.unmask(33));
  EXPECT_FALSE(table.unmask(33));
  table.mask(33);
  EXPECT_FALSE(table.unmask(33));
}

TEST_F(HandlerTableTest, refuses_a_second_handler) {
  ASSERT_TRUE(table.add(33, count, &calls).ok());
  EXPECT_EQ(table.add(33, count, nullptr).error(), Errc::kBusy);
  table.remove(33);
  EXPECT_TRUE(table.add(33, count, &calls).ok());
}

TEST_F(HandlerTableTest, line_zero_is_a_line) {
  ASSERT_TRUE(table.add(0, count, &calls).ok());
  static_cast<void>(table.unmask(0));
  EXPECT_TRUE(table.run(0));
  EXPECT_EQ(calls, 1);
}

TEST_F(HandlerTableTest, lines_that_collide_find_each_other_after_a_removal) {
  constexpr std::uint32_t kSize = atl::config::irq::kMaxHandlers;
  ASSERT_TRUE(table.add(5, count, &calls).ok());
  ASSERT_TRUE(table.add(5 + kSize, count, &calls).ok());
  ASSERT_TRUE(table.add(5 + 2 * kSize, count, &calls).ok());
  table.remove(5 + kSize);
  EXPECT_TRUE(table.contains(5 + 2 * kSize));
  EXPECT_EQ(table.add(5 + 2 * kSize, count, &calls).error(), Errc::kBusy);
  ASSERT_TRUE(table.add(5 + kSize, count, &calls).ok());
  EXPECT_TRUE(table.contains(5));
}

TEST_F(HandlerTableTest, holds_as_many_as_configured) {
  constexpr std::uint32_t kSize = atl::config::irq::kMaxHandlers;
  for (std::uint32_t line = 0; line < kSize; ++line)
    ASSERT_TRUE(table.add(line * 7 + 1, count, &calls).ok());
  EXPECT_EQ(table.add(9999, count, &calls).error(), Errc::kNoMemory);
  for (std::uint32_t line = 0; line < kSize; ++line) {
    static_cast<void>(table.unmask(line * 7 + 1));
    EXPECT_TRUE(table.run(line * 7 + 1));
  }
  EXPECT_EQ(calls, static_cast<int>(kSize));
  EXPECT_FALSE(table.run(9999));
  table.remove(1);
  EXPECT_TRUE(table.add(9999, count, &calls).ok());
}

}  // namespace
