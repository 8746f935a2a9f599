// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/host/time.hpp>
#include <limits>

namespace atl::host {

inline constexpr Nanoseconds kNotArmed{std::numeric_limits<std::uint64_t>::max()};

struct FakeTime {
  Nanoseconds now;
  Nanoseconds realtime_at_zero;
  bool realtime_known = false;
  Nanoseconds armed = kNotArmed;
  std::uint64_t arms = 0;
};

inline FakeTime& fake_time() {
  thread_local FakeTime the_time;
  return the_time;
}

}  // namespace atl::host
