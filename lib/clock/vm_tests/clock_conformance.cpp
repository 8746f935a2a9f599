// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/clock.hpp>
#include <atoll/vm_test.hpp>

/// What atoll/clock.hpp promises of every clock.
namespace clock_conformance {

using namespace atl;

VM_TEST(ClockConformance, never_goes_back) {
  Nanoseconds before = clock::now();
  for (int i = 0; i < 100'000; ++i) {
    const Nanoseconds now = clock::now();
    if (now < before) {
      VM_ASSERT_GE(now, before);
    }
    before = now;
  }
}

VM_TEST(ClockConformance, goes_on) {
  const Nanoseconds start = clock::now();
  // Bounded by a count: a clock that stands still must not hang the test.
  for (int i = 0; i < 100'000'000 && clock::now() < start + 1_ms; ++i) {
  }
  VM_EXPECT_GE(clock::now(), start + 1_ms);
}

VM_TEST(ClockConformance, begins_near_boot) { VM_EXPECT_LT(clock::now(), 3600_s); }

VM_TEST(ClockConformance, has_a_plausible_resolution) {
  VM_EXPECT_GE(clock::resolution(), 1_ns);
  VM_EXPECT_LE(clock::resolution(), 1_ms);
}

VM_TEST(ClockConformance, realtime_is_a_date_of_our_time_or_unknown) {
  auto time = clock::realtime();
  if (!time) {
    VM_EXPECT_EQ(time.error(), Errc::kNoData);
    return;
  }
  constexpr Nanoseconds kYear2020 = 1'577'836'800_s, kYear2200 = 7'258'118'400_s;
  VM_EXPECT_GE(time.value(), kYear2020);
  VM_EXPECT_LT(time.value(), kYear2200);
}

VM_TEST(ClockConformance, realtime_can_be_set_and_runs_with_the_clock) {
  auto before = clock::realtime();
  const Nanoseconds start = clock::now();
  clock::set_realtime(1'000_s);
  auto set = clock::realtime();
  VM_ASSERT(set.ok());
  VM_EXPECT_GE(set.value(), 1'000_s);
  VM_EXPECT_LT(set.value(), 1'001_s);
  VM_EXPECT_GE(clock::now(), start);
  VM_EXPECT_LT(clock::now(), start + 1_s);
  const Nanoseconds later = clock::now() + 1_ms;
  for (int i = 0; i < 100'000'000 && clock::now() < later; ++i) {
  }
  auto gone_on = clock::realtime();
  VM_ASSERT(gone_on.ok());
  VM_EXPECT_GE(gone_on.value(), set.value() + 1_ms);
  if (before) clock::set_realtime(before.value() + (clock::now() - start));
}

}  // namespace clock_conformance
