// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>

#include "../src/pit.hpp"
#include "fake_pit.hpp"

namespace {

using atl::Errc;
using atl::tsc::measure_with_pit;
using atl::tsc::test::Pit;
using atl::tsc::test::PitIo;

struct PitTest : testing::Test {
  atl::Result<std::uint64_t> measure() {
    return measure_with_pit(PitIo{&pit}, [this] { return pit.counter(); });
  }
  Pit pit;
};

TEST_F(PitTest, finds_the_rate_within_a_five_thousandth) {
  for (const double hz : {1.0e9, 2.5e9, 4.999e9}) {
    for (const double access : {10e-9, 400e-9, 1500e-9}) {
      pit = {};
      pit.counter_hz = hz;
      pit.seconds_per_access = access;
      auto found = measure();
      ASSERT_TRUE(found.ok());
      EXPECT_NEAR(static_cast<double>(found.value()), hz, hz / 5000) << access;
    }
  }
}

TEST_F(PitTest, takes_about_ten_milliseconds) {
  ASSERT_TRUE(measure().ok());
  EXPECT_GT(pit.now, 0.0099);
  EXPECT_LT(pit.now, 0.0102);
}

TEST_F(PitTest, leaves_gate_and_speaker_as_they_were) {
  pit.gate = 0x32;
  ASSERT_TRUE(measure().ok());
  EXPECT_EQ(pit.gate, 0x32);
}

TEST_F(PitTest, a_missing_timer_is_noticed_soon) {
  pit.present = false;
  EXPECT_EQ(measure().error(), Errc::kNoDevice);
  EXPECT_LT(pit.accesses, 10'000u);
}

TEST_F(PitTest, a_timer_that_stands_still_is_noticed_soon) {
  pit.stuck = true;
  EXPECT_EQ(measure().error(), Errc::kNoDevice);
  EXPECT_LT(pit.accesses, 10'000u);
}

TEST_F(PitTest, a_counter_that_stands_still_has_no_rate) {
  pit.counter_hz = 0;
  EXPECT_EQ(measure().error(), Errc::kNoDevice);
}

}  // namespace
