// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/result.hpp>
#include <atoll/types.hpp>

/// Between lib/clock and its provider; nobody else includes it.
namespace atl::clock {

/// The provider's: nanoseconds since 1970 now, as hypervisor or RTC tell.
/// Called by the first realtime() only. kNoData.
Result<Nanoseconds> read_wall_clock();

/// The provider's: nanoseconds of one tick, at least 1.
Nanoseconds tick();

}  // namespace atl::clock
