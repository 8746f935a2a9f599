// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>

#include <atoll/types.hpp>
#include <random>

#include "../src/tick_rate.hpp"

namespace {

using namespace atl;
using timer::TickRate;

/// A counter at `hz` whose owner needs `latency` to notice anything.
struct World {
  double hz;
  double latency = 2e3;  // ns
  double now = 0;

  /// One deadline, as lib/timer and timer_lapic treat it together: the number of
  /// interrupts it took, and how late the last was.
  int sleep(TickRate& rate, double nanoseconds, double& late) {
    const double deadline = now + nanoseconds;
    for (int interrupts = 1;; ++interrupts) {
      const double remaining = deadline - now;
      const std::uint32_t ticks = rate.ticks({static_cast<std::uint64_t>(remaining)});
      const double started = now;
      now += latency / 10 + ticks / hz * 1e9 + latency;
      rate.observe(ticks, {static_cast<std::uint64_t>(now - started)});
      if (now >= deadline) {
        late = now - deadline;
        return interrupts;
      }
    }
  }
};

TEST(TickRateTest, a_told_rate_is_used) {
  TickRate rate;
  rate.set(62'500'000);
  EXPECT_EQ(rate.ticks(16_us), 1001u);
  EXPECT_EQ(rate.ticks(0_ns), 1u);
}

TEST(TickRateTest, a_told_rate_is_kept_within_reason) {
  TickRate rate;
  rate.set(0);
  EXPECT_GE(rate.hz(), 1'000'000u);
  rate.set(~std::uint64_t{0});
  EXPECT_LE(rate.hz(), 500'000'000u);
}

TEST(TickRateTest, long_times_fit_the_counter) {
  TickRate rate;
  rate.set(500'000'000);
  EXPECT_EQ(rate.ticks({~std::uint64_t{0}}), 0xffff'ffffu);
}

TEST(TickRateTest, never_estimates_above_the_truth) {
  std::mt19937_64 random{3};
  for (const double hz : {1.2e6, 12.5e6, 62.5e6, 400e6}) {
    World world{hz};
    TickRate rate;
    double late = 0;
    for (int i = 0; i < 500; ++i) {
      world.latency = static_cast<double>(random() % 50'000 + 1);
      world.sleep(rate, static_cast<double>(random() % 20'000'000 + 1), late);
      ASSERT_LE(static_cast<double>(rate.hz()), hz * 1.0001);
    }
    EXPECT_GE(static_cast<double>(rate.hz()), hz * 0.99);
  }
}

TEST(TickRateTest, is_late_by_a_thousandth_at_most) {
  World world{62.5e6};
  TickRate rate;
  for (const double time : {1e3, 1e5, 1e6, 1e7, 1e8, 1e9, 4e9}) {
    double late = 0;
    world.sleep(rate, time, late);
    EXPECT_LE(late, time / 1000 + 3 * world.latency) << time;
  }
}

TEST(TickRateTest, the_first_sleep_takes_few_interrupts_and_later_ones_mostly_one) {
  World world{62.5e6};
  TickRate rate;
  double late = 0;
  EXPECT_LE(world.sleep(rate, 10e6, late), 8);
  int interrupts = 0;
  for (int i = 0; i < 100; ++i) interrupts += world.sleep(rate, 10e6, late);
  EXPECT_LE(interrupts, 110);
}

TEST(TickRateTest, short_observations_teach_nothing) {
  TickRate rate;
  rate.observe(63, 1_ns);
  rate.observe(1000, 0_ns);
  EXPECT_EQ(rate.hz(), TickRate{}.hz());
}

}  // namespace
