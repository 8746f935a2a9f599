// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>

#include <atoll/pvclock.hpp>
#include <atomic>
#include <thread>

namespace {

using namespace atl;
using pvclock::TimeInfo;

TEST(PvclockTest, scales_as_the_interface_says) {
  // 2.5 GHz: 0.4 ns a tick, as 0.8 of half a tick.
  EXPECT_EQ(pvclock::scale(2'500'000'000, 0xcccccccd, -1), 1'000'000'000u);
  EXPECT_EQ(pvclock::scale(1000, 0x80000000, 1), 1000u);
  EXPECT_EQ(pvclock::scale(0, 0xffffffff, 5), 0u);
}

TEST(PvclockTest, does_not_overflow_within_500_years) {
  const std::uint64_t ticks = std::uint64_t{1} << 63;  // 117 years at 2.5 GHz
  const std::uint64_t expected = static_cast<std::uint64_t>(9223372036854775808.0 * 0.4);
  EXPECT_NEAR(static_cast<double>(pvclock::scale(ticks, 0xcccccccd, -1)),
              static_cast<double>(expected), 1e10);
}

TEST(PvclockTest, impossible_shifts_have_no_meaning) {
  for (const int shift : {-128, -64, 64, 127})
    EXPECT_EQ(pvclock::scale(1000, 1u << 31, static_cast<std::int8_t>(shift)), 0u);
  EXPECT_EQ(pvclock::counter_frequency(1u << 31, -32), 0u);
  EXPECT_EQ(pvclock::counter_frequency(0, 0), 0u);
}

TEST(PvclockTest, finds_the_counters_frequency) {
  EXPECT_NEAR(static_cast<double>(pvclock::counter_frequency(0xcccccccd, -1)), 2.5e9, 2);
  EXPECT_NEAR(static_cast<double>(pvclock::counter_frequency(0x80000000, 1)), 1.0e9, 1);
}

TEST(PvclockTest, adds_what_passed_since) {
  const TimeInfo info{2, 0, 1000, 5'000'000, 0x80000000, 1, pvclock::kStable, {}};
  const auto reading = pvclock::read(info, [] { return std::uint64_t{1500}; });
  EXPECT_EQ(reading.time, Nanoseconds{5'000'500});
  EXPECT_TRUE(reading.stable);
}

TEST(PvclockTest, a_counter_behind_the_hypervisors_does_not_go_back) {
  const TimeInfo info{2, 0, 1000, 5'000'000, 0x80000000, 1, 0, {}};
  const auto reading = pvclock::read(info, [] { return std::uint64_t{999}; });
  EXPECT_EQ(reading.time, Nanoseconds{5'000'000});
  EXPECT_FALSE(reading.stable);
}

// As Xen has it where it emulates the counter: 0 is when the domain was made, the
// hypervisor's last reading may be from before.
TEST(PvclockTest, a_counter_that_has_passed_its_end_goes_on) {
  const TimeInfo info{2, 0, ~std::uint64_t{0} - 99, 5'000'000, 0x80000000, 1, 0, {}};
  const auto at = [&info](std::uint64_t counter) {
    return pvclock::read(info, [counter] { return counter; }).time;
  };
  EXPECT_EQ(at(~std::uint64_t{0} - 49), Nanoseconds{5'000'050});
  EXPECT_EQ(at(0), Nanoseconds{5'000'100});
  EXPECT_EQ(at(400), Nanoseconds{5'000'500});
  EXPECT_EQ(at(~std::uint64_t{0} - 100), Nanoseconds{5'000'000});
}

TEST(PvclockTest, reads_again_while_the_hypervisor_writes) {
  TimeInfo info{3, 0, 0, 1, 0x80000000, 1, 0, {}};
  int reads = 0;
  const auto reading = pvclock::read(info, [&] {
    if (++reads == 3) {
      info.version = 4;
      info.system_time = 77;
    } else if (reads == 4) {
      info.version = 5;  // starts to write again under our eyes
    } else if (reads == 5) {
      info.system_time = 99;
      info.version = 6;
    }
    return std::uint64_t{0};
  });
  EXPECT_EQ(reading.time, Nanoseconds{99});
  EXPECT_EQ(reads, 6);
}

}  // namespace
