// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "address_ranges.hpp"
#include "fake_ram.hpp"

#include <gtest/gtest.h>
#include <map>
#include <random>

namespace atl::vm {
namespace {

constexpr VirtAddr kStart{0xffff'c000'0000'0000};
constexpr std::uint64_t kPages = 1000;

class AddressRangesTest : public testing::Test {
 protected:
  FakeRam ram_{64};
  AddressRanges ranges_{kStart, kStart + kPages* kPageSize};
};

TEST_F(AddressRangesTest, GivesAscendingAddresses) {
  EXPECT_EQ(ranges_.take({1}).value(), kStart);
  EXPECT_EQ(ranges_.take({2}).value(), kStart + kPageSize);
  EXPECT_EQ(ranges_.take({1}).value(), kStart + 3 * kPageSize);
  EXPECT_EQ(ranges_.top(), kStart + 4 * kPageSize);
}

TEST_F(AddressRangesTest, ReusesTheLowestHoleThatFits) {
  const VirtAddr a = ranges_.take({2}).value();
  static_cast<void>(ranges_.take({1}));
  const VirtAddr c = ranges_.take({5}).value();
  static_cast<void>(ranges_.take({1}));
  ranges_.give_back(a, {2});
  ranges_.give_back(c, {5});
  EXPECT_EQ(ranges_.take({3}).value(), c);
  EXPECT_EQ(ranges_.take({2}).value(), a);
  EXPECT_EQ(ranges_.take({2}).value(), c + 3 * kPageSize);
}

TEST_F(AddressRangesTest, JoinsNeighbours) {
  const VirtAddr a = ranges_.take({3}).value();
  static_cast<void>(ranges_.take({1}));
  ranges_.give_back(a, {1});
  ranges_.give_back(a + 2 * kPageSize, {1});
  ranges_.give_back(a + kPageSize, {1});
  EXPECT_EQ(ranges_.take({3}).value(), a);
}

TEST_F(AddressRangesTest, TopSinksOverHoles) {
  const VirtAddr a = ranges_.take({3}).value();
  const VirtAddr b = ranges_.take({3}).value();
  ranges_.give_back(a, {3});
  ranges_.give_back(b, {3});
  EXPECT_EQ(ranges_.top(), kStart);
  EXPECT_EQ(ranges_.take({kPages}).value(), kStart);
}

TEST_F(AddressRangesTest, ExhaustionIsNoMemory) {
  EXPECT_EQ(ranges_.take({kPages + 1}).error(), Errc::kNoMemory);
  EXPECT_EQ(ranges_.take({~0ULL}).error(), Errc::kNoMemory);
  EXPECT_EQ(ranges_.take({1ULL << 52}).error(), Errc::kNoMemory);
  ASSERT_TRUE(ranges_.take({kPages}).ok());
  EXPECT_EQ(ranges_.take({1}).error(), Errc::kNoMemory);
}

TEST_F(AddressRangesTest, WithoutMemoryAHoleStaysTaken) {
  const VirtAddr a = ranges_.take({2}).value();
  static_cast<void>(ranges_.take({1}));
  ram_.budget = 0;
  ranges_.give_back(a, {2});
  EXPECT_EQ(ranges_.take({2}).value(), a + 3 * kPageSize);
}

using AddressRangesDeathTest = AddressRangesTest;

TEST_F(AddressRangesDeathTest, GivingBackWhatIsFreeAsserts) {
  const VirtAddr a = ranges_.take({2}).value();
  static_cast<void>(ranges_.take({1}));
  ranges_.give_back(a, {2});
  EXPECT_DEATH(ranges_.give_back(a + kPageSize, {1}), "assertion failed");
  EXPECT_DEATH(ranges_.give_back(kStart + 10 * kPageSize, {1}), "assertion failed");
}

TEST_F(AddressRangesTest, NeverHandsOutAPageTwice) {
  std::mt19937_64 random{99};
  std::map<std::uint64_t, std::uint64_t> live;  // start to pages
  for (int step = 0; step < 20000; ++step) {
    if (random() % 2 == 0 || live.empty()) {
      const std::uint64_t pages = 1 + random() % 40;
      const auto got = ranges_.take({pages});
      if (!got.ok()) continue;
      const std::uint64_t start = got.value().value();
      const auto after = live.lower_bound(start);
      ASSERT_TRUE(after == live.end() || start + pages * kPageSize <= after->first);
      if (after != live.begin()) {
        const auto before = std::prev(after);
        ASSERT_LE(before->first + before->second * kPageSize, start);
      }
      live[start] = pages;
    } else {
      auto victim = std::next(live.begin(), static_cast<std::ptrdiff_t>(random() % live.size()));
      ranges_.give_back(VirtAddr{victim->first}, {victim->second});
      live.erase(victim);
    }
  }
  for (const auto& [start, pages] : live) ranges_.give_back(VirtAddr{start}, {pages});
  EXPECT_EQ(ranges_.top(), kStart);
}

}  // namespace
}  // namespace atl::vm
