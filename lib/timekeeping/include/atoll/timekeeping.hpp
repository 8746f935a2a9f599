// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/result.hpp>
#include <atoll/types.hpp>
#include <cstdint>

/// What providers of `clock` have in common. Any context.
namespace atl::timekeeping {

/// The larger of `reading` and what this returned before on any CPU: for a
/// counter that is not known to be the same everywhere.
Nanoseconds never_back(Nanoseconds reading);

/// A date in the Gregorian calendar, as a real-time clock tells it.
struct Date {
  std::uint32_t year;
  std::uint32_t month;  ///< 1 .. 12
  std::uint32_t day;    ///< 1 .. 31
  std::uint32_t hour;
  std::uint32_t minute;
  std::uint32_t second;
};

/// Seconds from 1970-01-01 to `date`. kBadMessage where a field is out of range,
/// and outside the years 1970 .. 9999.
Result<std::uint64_t> seconds_since_1970(const Date& date);

}  // namespace atl::timekeeping
