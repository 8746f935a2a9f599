// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/arch.hpp>
#include <atoll/backtrace.hpp>

#include <gtest/gtest.h>
#include <array>
#include <vector>

namespace {

using atl::arch::Backtrace;

struct alignas(16) Record {
  std::uintptr_t outer;
  std::uintptr_t address;
};

std::uintptr_t of(const Record& record) { return reinterpret_cast<std::uintptr_t>(&record); }

std::vector<std::uintptr_t> walk(std::uintptr_t frame) {
  std::vector<std::uintptr_t> found;
  Backtrace backtrace{frame};
  for (auto site = backtrace.next(); site.address != 0 && found.size() < 100;
       site = backtrace.next()) {
    found.push_back(site.address);
  }
  EXPECT_EQ(backtrace.next().address, 0u) << "goes on after its end";
  return found;
}

using Addresses = std::vector<std::uintptr_t>;

TEST(Backtrace, FollowsRecordsToTheOutermost) {
  std::array<Record, 3> records{};
  records[0] = {of(records[1]), 0x111};
  records[1] = {of(records[2]), 0x222};
  records[2] = {0, 0x333};
  EXPECT_EQ(walk(of(records[0])), (Addresses{0x111, 0x222, 0x333}));
}

TEST(Backtrace, AReturnAddressOfZeroEndsIt) {
  std::array<Record, 2> records{};
  records[0] = {of(records[1]), 0};
  records[1] = {0, 0x222};
  EXPECT_EQ(walk(of(records[0])), Addresses{});
}

TEST(Backtrace, AChainThatDoesNotAscendEnds) {
  std::array<Record, 2> records{};
  records[0] = {0, 0x111};
  records[1] = {of(records[0]), 0x222};
  EXPECT_EQ(walk(of(records[1])), Addresses{0x222});
  records[0] = {of(records[0]), 0x111};
  EXPECT_EQ(walk(of(records[0])), Addresses{0x111});
}

TEST(Backtrace, AChainIntoNowhereEnds) {
  Record record{0x10, 0x111};
  EXPECT_EQ(walk(of(record)), Addresses{0x111});
  record.outer = of(record) + 8;
  EXPECT_EQ(walk(of(record)), Addresses{0x111}) << "no stack pointer is that odd";
  record.outer = of(record) + (1 << 21);
  EXPECT_EQ(walk(of(record)), Addresses{0x111});
  EXPECT_EQ(walk(0), Addresses{});
  EXPECT_EQ(walk(3), Addresses{});
  EXPECT_EQ(walk(~std::uintptr_t{15}), Addresses{});
}

TEST(Backtrace, GoesIntoWhatWasInterruptedWhereverItsStackLies) {
  std::array<Record, 3> records{};
  records[0] = {0, 0x333};
  records[1] = {of(records[2]), 0x111};
  records[2] = {of(records[0]) | 1, 0x222};
  Backtrace backtrace{of(records[1])};
  EXPECT_FALSE(backtrace.next().interrupted);
  const auto interrupted = backtrace.next();
  EXPECT_EQ(interrupted.address, 0x222u);
  EXPECT_TRUE(interrupted.interrupted);
  EXPECT_EQ(walk(of(records[1])), (Addresses{0x111, 0x222, 0x333}));
}

TEST(Backtrace, InterruptedCodeThatInterruptsItselfEnds) {
  Record record{0, 0x111};
  record.outer = of(record) | 1;
  EXPECT_LE(walk(of(record)).size(), 40u);
}

}  // namespace
