// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>
#include <atoll/result.hpp>

#include <memory>

namespace {

using namespace atl;

Result<int> half(int value) {
  if (value % 2 != 0) return fail(Errc::kInvalidArgument);
  return value / 2;
}

Result<int> quarter(int value) { return TRY(half(TRY(half(value)))); }

Result<void> check(int value) {
  TRY(half(value));
  return {};
}

TEST(ResultTest, carries_a_value_or_an_error) {
  EXPECT_EQ(half(4).value(), 2);
  EXPECT_EQ(half(3).error(), Errc::kInvalidArgument);
  EXPECT_TRUE(half(4));
  EXPECT_FALSE(half(3));
  EXPECT_EQ(half(3).value_or(9), 9);
  EXPECT_EQ(half(4).value_or(9), 2);
}

TEST(ResultTest, try_returns_the_first_error) {
  EXPECT_EQ(quarter(8).value(), 2);
  EXPECT_EQ(quarter(6).error(), Errc::kInvalidArgument);
  EXPECT_TRUE(check(2).ok());
  EXPECT_EQ(check(1).error(), Errc::kInvalidArgument);
}

TEST(ResultTest, moves_what_cannot_be_copied_and_destroys_it_once) {
  auto counter = std::make_shared<int>(0);
  {
    Result<std::shared_ptr<int>> result{counter};
    Result<std::shared_ptr<int>> moved{std::move(result)};
    EXPECT_EQ(counter.use_count(), 2);
    const std::shared_ptr<int> taken = std::move(moved).value();
    EXPECT_EQ(counter.use_count(), 2);
  }
  EXPECT_EQ(counter.use_count(), 1);
  Result<std::unique_ptr<int>> error{fail(Errc::kNoMemory)};
  EXPECT_EQ(error.error(), Errc::kNoMemory);
}

}  // namespace
