// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>

#include <atoll/arch.hpp>
#include <atoll/clock.hpp>
#include <atoll/host/machine.hpp>
#include <atoll/timer.hpp>
#include <atoll/timer_provider.hpp>
#include <optional>

namespace {

using namespace atl;

Nanoseconds time_now;
std::optional<Nanoseconds> programmed;
int cancels;
int fired;

void on_fire() {
  ++fired;
  EXPECT_GE(time_now, 100_ns);
}

struct TimerTest : testing::Test {
  void SetUp() override {
    host::reset_machine();
    time_now = 50_ns;
    programmed.reset();
    fired = 0;
    timer::set_handler(on_fire);
    timer::disarm();
    cancels = 0;
  }
};

TEST_F(TimerTest, programs_what_is_left) {
  timer::arm(100_ns);
  EXPECT_EQ(programmed, 50_ns);
}

TEST_F(TimerTest, a_past_deadline_fires_at_once) {
  time_now = 200_ns;
  timer::arm(100_ns);
  EXPECT_EQ(programmed, 0_ns);
}

TEST_F(TimerTest, is_never_early) {
  timer::arm(100_ns);
  time_now = 90_ns;
  timer::expired();
  EXPECT_EQ(fired, 0);
  EXPECT_EQ(programmed, 10_ns);
  time_now = 100_ns;
  timer::expired();
  EXPECT_EQ(fired, 1);
}

TEST_F(TimerTest, fires_once) {
  timer::arm(100_ns);
  time_now = 100_ns;
  timer::expired();
  timer::expired();
  EXPECT_EQ(fired, 1);
}

TEST_F(TimerTest, a_disarmed_timer_is_silent_even_if_its_interrupt_is_on_its_way) {
  timer::arm(100_ns);
  timer::disarm();
  EXPECT_EQ(cancels, 1);
  time_now = 100_ns;
  timer::expired();
  EXPECT_EQ(fired, 0);
}

TEST_F(TimerTest, the_last_deadline_counts) {
  timer::arm(100_ns);
  timer::arm(300_ns);
  time_now = 150_ns;
  timer::expired();
  EXPECT_EQ(fired, 0);
  EXPECT_EQ(programmed, 150_ns);
}

TEST_F(TimerTest, the_handler_may_arm_again) {
  timer::set_handler([] {
    ++fired;
    if (fired == 1) timer::arm(200_ns);
  });
  timer::arm(100_ns);
  time_now = 100_ns;
  timer::expired();
  EXPECT_EQ(programmed, 100_ns);
  time_now = 200_ns;
  timer::expired();
  EXPECT_EQ(fired, 2);
}

TEST_F(TimerTest, keeps_the_callers_interrupt_mask) {
  const auto state = arch::Cpu::disable_interrupts();
  timer::arm(100_ns);
  EXPECT_FALSE(arch::Cpu::interrupts_enabled());
  arch::Cpu::restore_interrupts(state);
  timer::disarm();
  EXPECT_TRUE(arch::Cpu::interrupts_enabled());
}

}  // namespace

namespace atl::clock {
Nanoseconds now() { return time_now; }
}  // namespace atl::clock

namespace atl::timer {
void program(Nanoseconds remaining) { programmed = remaining; }
void cancel() { ++cancels; }
}  // namespace atl::timer
