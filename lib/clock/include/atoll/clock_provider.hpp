// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/result.hpp>
#include <atoll/types.hpp>

/// Between lib/clock and its provider; nobody else includes it.
namespace atoll::clock {

/// The provider's: nanoseconds since 1970 now, as hypervisor or RTC tell.
/// Called by the first realtime() only. kNoData.
Result<Nanoseconds> read_wall_clock();

/// The provider's: nanoseconds of one tick, at least 1.
Nanoseconds tick();

/// lib/clock's: the larger of `reading` and what it returned before on any CPU,
/// for a counter that is not known to be the same everywhere. Any context.
Nanoseconds never_back(Nanoseconds reading);

/// Seconds since 1970 of a date in the Gregorian calendar, as an RTC tells it.
/// kBadMessage where a field is out of range, and before 1970.
struct Date {
  std::uint32_t year;
  std::uint32_t month;   ///< 1 .. 12
  std::uint32_t day;     ///< 1 .. 31
  std::uint32_t hour;
  std::uint32_t minute;
  std::uint32_t second;
};
Result<std::uint64_t> seconds_since_1970(const Date& date);

}  // namespace atoll::clock
