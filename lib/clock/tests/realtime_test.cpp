// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>

#include <atoll/clock.hpp>
#include <atoll/clock_provider.hpp>
#include <optional>

namespace {

std::optional<atl::Nanoseconds> wall;
atl::Nanoseconds monotonic;
int wall_reads;

}  // namespace

namespace atl::clock {
Nanoseconds now() { return monotonic; }
Nanoseconds tick() { return {16}; }
Result<Nanoseconds> read_wall_clock() {
  ++wall_reads;
  if (!wall) return fail(Errc::kNoData);
  return Nanoseconds{*wall};
}
}  // namespace atl::clock

namespace {

using namespace atl;

// One test, in order: what was once known stays known.
TEST(RealtimeTest, is_asked_for_once_then_follows_the_monotonic_clock) {
  monotonic = 5_s;
  EXPECT_EQ(clock::realtime().error(), Errc::kNoData);
  wall = 1'700'000'000_s;
  EXPECT_EQ(clock::realtime().value(), 1'700'000'000_s);
  const int reads = wall_reads;
  monotonic = 7_s;
  wall = 3_s;
  EXPECT_EQ(clock::realtime().value(), 1'700'000'002_s);
  EXPECT_EQ(wall_reads, reads);

  clock::set_realtime(10_s);
  EXPECT_EQ(clock::realtime().value(), 10_s);
  EXPECT_EQ(clock::now(), 7_s);
  clock::set_realtime(1_s);  // before the boot
  monotonic = 8_s;
  EXPECT_EQ(clock::realtime().value(), 2_s);
}

TEST(RealtimeTest, resolution_is_the_providers_tick) { EXPECT_EQ(clock::resolution(), 16_ns); }

}  // namespace
