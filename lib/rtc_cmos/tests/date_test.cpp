// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>

#include "../src/date.hpp"
#include "fake_rtc.hpp"

namespace {

using atl::Errc;
using atl::rtc_cmos::read_date;
using atl::rtc_cmos::test::Rtc;
using atl::rtc_cmos::test::RtcIo;
using atl::timekeeping::Date;

struct RtcTest : testing::Test {
  // 2026-11-21 17:35:59 in decimal digits, 24 hours, as QEMU has it.
  RtcTest() {
    rtc.set({{0, 0x59},
             {2, 0x35},
             {4, 0x17},
             {7, 0x21},
             {8, 0x11},
             {9, 0x26},
             {0x0b, 0x02},
             {0x32, 0x20}});
  }
  void expect(const Date& expected) {
    auto found = read_date(RtcIo{&rtc});
    ASSERT_TRUE(found.ok());
    const Date& date = found.value();
    EXPECT_EQ(date.year, expected.year);
    EXPECT_EQ(date.month, expected.month);
    EXPECT_EQ(date.day, expected.day);
    EXPECT_EQ(date.hour, expected.hour);
    EXPECT_EQ(date.minute, expected.minute);
    EXPECT_EQ(date.second, expected.second);
  }
  Rtc rtc;
};

TEST_F(RtcTest, decimal_digits) { expect({2026, 11, 21, 17, 35, 59}); }

TEST_F(RtcTest, binary) {
  rtc.set({{0, 59}, {2, 35}, {4, 17}, {7, 21}, {8, 11}, {9, 26}, {0x0b, 0x06}, {0x32, 0x14}});
  expect({2026, 11, 21, 17, 35, 59});
  rtc.memory[0x32] = 20;  // 0x14: not a century in digits, so the year decides
  expect({2026, 11, 21, 17, 35, 59});
}

TEST_F(RtcTest, twelve_hours) {
  rtc.memory[0x0b] = 0;
  rtc.memory[4] = 0x12;
  expect({2026, 11, 21, 0, 35, 59});
  rtc.memory[4] = 0x92;
  expect({2026, 11, 21, 12, 35, 59});
  rtc.memory[4] = 0x85;
  expect({2026, 11, 21, 17, 35, 59});
  rtc.memory[4] = 0x11;
  expect({2026, 11, 21, 11, 35, 59});
}

TEST_F(RtcTest, century) {
  rtc.memory[0x32] = 0x19;
  rtc.memory[9] = 0x99;
  expect({1999, 11, 21, 17, 35, 59});
  rtc.memory[0x32] = 0xff;
  rtc.memory[9] = 0x26;
  expect({2026, 11, 21, 17, 35, 59});
}

TEST_F(RtcTest, an_absent_clock_is_noticed) {
  rtc.memory.fill(0xff);
  EXPECT_EQ(read_date(RtcIo{&rtc}).error(), Errc::kNoData);
  EXPECT_LE(rtc.reads, 10'000u);
}

TEST_F(RtcTest, zeros_are_no_date) {
  rtc.memory.fill(0);
  auto found = read_date(RtcIo{&rtc});
  ASSERT_TRUE(found.ok());
  EXPECT_FALSE(atl::timekeeping::seconds_since_1970(found.value()).ok());
}

TEST_F(RtcTest, digits_beyond_nine_are_no_number) {
  rtc.memory[7] = 0x1a;
  EXPECT_EQ(read_date(RtcIo{&rtc}).error(), Errc::kNoData);
  rtc.memory[7] = 0xa1;
  EXPECT_EQ(read_date(RtcIo{&rtc}).error(), Errc::kNoData);
}

TEST_F(RtcTest, waits_while_it_counts_on) {
  rtc.memory[0x0a] = 0x80;
  rtc.before_read = [](Rtc& clock) {
    if (clock.reads == 50) clock.set({{0x0a, 0x26}, {0, 0x00}, {2, 0x36}});
  };
  expect({2026, 11, 21, 17, 36, 0});
}

TEST_F(RtcTest, reads_again_when_it_counted_on_meanwhile) {
  rtc.before_read = [](Rtc& clock) {
    // Between the seconds and the minutes.
    if (clock.reads == 5) clock.set({{0, 0x00}, {2, 0x36}});
  };
  expect({2026, 11, 21, 17, 36, 0});
}

}  // namespace
