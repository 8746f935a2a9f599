// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/timekeeping.hpp>
#include <cstdint>

namespace atl::timekeeping {
namespace {

constexpr bool is_leap(std::uint32_t year) {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

// 30 days each, and one more in months that are odd up to July and even from
// August on.
constexpr std::uint32_t days_in(std::uint32_t month, std::uint32_t year) {
  if (month == 2) return is_leap(year) ? 29 : 28;
  return 30 + ((month + (month >> 3)) & 1);
}

}  // namespace

Result<std::uint64_t> seconds_since_1970(const Date& date) {
  if (date.year < 1970 || date.year > 9999 || date.month < 1 || date.month > 12 || date.day < 1 ||
      date.day > days_in(date.month, date.year) || date.hour > 23 || date.minute > 59 ||
      date.second > 60)  // 60: a leap second
    return fail(Errc::kBadMessage);
  const std::uint32_t before = date.year - 1;
  std::uint64_t days = 365 * (date.year - 1970) + (before / 4 - before / 100 + before / 400) -
                       (1969 / 4 - 1969 / 100 + 1969 / 400);
  for (std::uint32_t month = 1; month < date.month; ++month) days += days_in(month, date.year);
  days += date.day - 1;
  return ((days * 24 + date.hour) * 60 + date.minute) * 60 + date.second;
}

}  // namespace atl::timekeeping
