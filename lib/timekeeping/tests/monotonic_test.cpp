// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>

#include <atoll/timekeeping.hpp>
#include <atomic>
#include <thread>
#include <vector>

namespace {

using namespace atl;
using timekeeping::never_back;

TEST(MonotonicTest, never_back_keeps_the_largest) {
  EXPECT_EQ(never_back(100_ns), 100_ns);
  EXPECT_EQ(never_back(90_ns), 100_ns);
  EXPECT_EQ(never_back(101_ns), 101_ns);
}

TEST(MonotonicTest, never_back_holds_across_cpus_that_disagree) {
  std::vector<std::thread> cpus;
  std::atomic<bool> failed = false;
  for (std::uint64_t skew = 0; skew < 4; ++skew) {
    cpus.emplace_back([skew, &failed] {
      Nanoseconds before{};
      for (std::uint64_t i = 1000; i < 50'000; ++i) {
        const Nanoseconds now = never_back({i + skew * 100});
        if (now < before) failed = true;
        before = now;
      }
    });
  }
  for (std::thread& cpu : cpus) cpu.join();
  EXPECT_FALSE(failed);
}

}  // namespace
