// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/result.hpp>
#include <atoll/types.hpp>

namespace atl::rtc_cmos {

/// Nanoseconds since 1970, whole seconds, of the PC's real-time clock, which is
/// taken to run in UTC. Any context; up to 10 ms where it is just counting on.
/// kNoData where there is none or what it says is no date.
Result<Nanoseconds> read();

}  // namespace atl::rtc_cmos
