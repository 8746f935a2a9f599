// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>

#include <atoll/tick_scale.hpp>
#include <random>

namespace {

using atl::kNanosecondsPerSecond;
using atl::TickScale;

constexpr std::uint64_t kYear = 31'556'952;  // seconds

TEST(TickScaleTest, same_rate_changes_nothing) {
  constexpr auto scale = TickScale::between(1'000'000'000, 1'000'000'000);
  EXPECT_EQ(scale.apply(0), 0u);
  EXPECT_EQ(scale.apply(123456789), 123456789u);
  EXPECT_EQ(scale.apply(~std::uint64_t{0}), ~std::uint64_t{0});
}

TEST(TickScaleTest, whole_ratios_are_exact) {
  constexpr auto scale = TickScale::between(62'500'000, kNanosecondsPerSecond);
  EXPECT_EQ(scale.apply(1), 16u);
  EXPECT_EQ(scale.apply(62'500'000ull * 500 * kYear), kNanosecondsPerSecond * 500 * kYear);
}

TEST(TickScaleTest, five_hundred_years_do_not_overflow_and_stay_within_a_nanosecond_a_second) {
  for (const std::uint64_t hz : {32'768ull, 1'000'000ull, 3'579'545ull, 19'200'000ull,
                                 24'000'000ull, 62'500'000ull, 999'999'937ull, 1'000'000'000ull}) {
    const auto scale = TickScale::between(hz, kNanosecondsPerSecond);
    const std::uint64_t seconds = 500 * kYear;
    const std::uint64_t result = scale.apply(hz * seconds);
    EXPECT_LE(result, seconds * kNanosecondsPerSecond) << hz;
    EXPECT_GE(result, seconds * kNanosecondsPerSecond - seconds / 1'000'000'000 - 32) << hz;
  }
}

TEST(TickScaleTest, agrees_with_long_arithmetic) {
  std::mt19937_64 random{1};
  for (int i = 0; i < 20'000; ++i) {
    const std::uint64_t from = 1 + random() % (std::uint64_t{1} << (random() % 40 + 1));
    const std::uint64_t to = 1 + random() % (std::uint64_t{1} << (random() % 40 + 1));
    const std::uint64_t ticks = random() >> (random() % 64);
    __extension__ using Wide = unsigned __int128;
    const Wide exact = static_cast<Wide>(ticks) * to / from;
    if (exact >> 63 != 0) continue;
    const std::uint64_t result = TickScale::between(from, to).apply(ticks);
    const auto expected = static_cast<std::uint64_t>(exact);
    EXPECT_LE(result, expected);
    EXPECT_LE(expected - result, 1 + (expected >> 60)) << from << " " << to << " " << ticks;
  }
}

TEST(TickScaleTest, rounding_up_is_never_below_the_exact_value) {
  std::mt19937_64 random{2};
  for (int i = 0; i < 20'000; ++i) {
    const std::uint64_t from = 1 + random() % 5'000'000'000;
    const std::uint64_t to = 1 + random() % 5'000'000'000;
    const std::uint64_t ticks = random() % 1'000'000'000'000;
    __extension__ using Wide = unsigned __int128;
    EXPECT_GE(static_cast<Wide>(TickScale::between(from, to).apply_up(ticks)) * from,
              static_cast<Wide>(ticks) * to);
  }
}

TEST(TickScaleTest, extreme_rates) {
  EXPECT_EQ(TickScale::between(std::uint64_t{1} << 40, 1).apply(std::uint64_t{1} << 41), 2u);
  EXPECT_EQ(TickScale::between(1, std::uint64_t{1} << 40).apply(3), std::uint64_t{3} << 40);
  EXPECT_EQ(TickScale{}.apply(5), 0u);
}

}  // namespace
