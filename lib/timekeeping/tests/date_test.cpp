// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>

#include <atoll/timekeeping.hpp>
#include <ctime>

namespace {

using atl::Errc;
using atl::timekeeping::Date;
using atl::timekeeping::seconds_since_1970;

TEST(DateTest, known_moments) {
  EXPECT_EQ(seconds_since_1970({1970, 1, 1, 0, 0, 0}).value(), 0u);
  EXPECT_EQ(seconds_since_1970({2000, 2, 29, 12, 0, 0}).value(), 951825600u);
  EXPECT_EQ(seconds_since_1970({2038, 1, 19, 3, 14, 8}).value(), 2147483648u);
  EXPECT_EQ(seconds_since_1970({2100, 3, 1, 0, 0, 0}).value(), 4107542400u);
}

TEST(DateTest, agrees_with_the_host_every_day_of_130_years) {
  for (std::int64_t day = 0; day < 365 * 130; ++day) {
    const std::time_t time = static_cast<std::time_t>(day * 86400 + 12345);
    std::tm tm{};
    ASSERT_NE(gmtime_r(&time, &tm), nullptr);
    const Date date{
        static_cast<std::uint32_t>(tm.tm_year) + 1900, static_cast<std::uint32_t>(tm.tm_mon) + 1,
        static_cast<std::uint32_t>(tm.tm_mday),        static_cast<std::uint32_t>(tm.tm_hour),
        static_cast<std::uint32_t>(tm.tm_min),         static_cast<std::uint32_t>(tm.tm_sec)};
    ASSERT_EQ(seconds_since_1970(date).value(), static_cast<std::uint64_t>(time));
  }
}

TEST(DateTest, refuses_what_is_no_date) {
  for (const Date& date :
       {Date{1969, 12, 31, 0, 0, 0}, Date{2024, 0, 1, 0, 0, 0}, Date{2024, 13, 1, 0, 0, 0},
        Date{2023, 2, 29, 0, 0, 0}, Date{2100, 2, 29, 0, 0, 0}, Date{2024, 4, 31, 0, 0, 0},
        Date{2024, 1, 0, 0, 0, 0}, Date{2024, 1, 1, 24, 0, 0}, Date{2024, 1, 1, 0, 60, 0},
        Date{2024, 1, 1, 0, 0, 61}, Date{4294967295, 1, 1, 0, 0, 0}})
    EXPECT_EQ(seconds_since_1970(date).error(), Errc::kBadMessage);
}

}  // namespace
