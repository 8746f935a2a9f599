// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <algorithm>
#include <atoll/clock.hpp>
#include <atoll/clock_provider.hpp>
#include <atoll/rtc_cmos.hpp>
#include <atoll/tsc.hpp>

namespace atl::clock {

Nanoseconds now() { return tsc::now(); }

Result<Nanoseconds> read_wall_clock() { return rtc_cmos::read(); }

Nanoseconds tick() { return {std::max<std::uint64_t>(1, 1'000'000'000 / tsc::frequency())}; }

}  // namespace atl::clock
