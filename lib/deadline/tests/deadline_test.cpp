// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>
#include <algorithm>
#include <atoll/arch.hpp>
#include <atoll/clock.hpp>
#include <atoll/deadline.hpp>
#include <atoll/host/machine.hpp>
#include <atoll/host/time.hpp>
#include <limits>
#include <memory>
#include <random>
#include <vector>

namespace atl {

Result<void> deadline_init();

namespace {

struct Recorder;

struct TestTimer : Timer {
  TestTimer(Recorder& into, int name) : Timer(fired), recorder(into), number(name) {}
  static void fired(Timer& timer);
  Recorder& recorder;
  int number;
  Nanoseconds again;  // re-arm this much later; 0: no
  std::vector<Nanoseconds> at;
};

struct Recorder {
  std::vector<int> order;
};

void TestTimer::fired(Timer& timer) {
  auto& self = static_cast<TestTimer&>(timer);
  EXPECT_FALSE(arch::Cpu::interrupts_enabled());
  EXPECT_GT(arch::Cpu::cpu_local().interrupt_depth, 0u);
  self.recorder.order.push_back(self.number);
  self.at.push_back(clock::now());
  if (self.again != 0_ns) {
    EXPECT_TRUE(deadline::arm(self, clock::now() + self.again));
  }
}

class Deadlines : public ::testing::Test {
 protected:
  void SetUp() override {
    host::reset_machine();
    host::reset_time();
    ASSERT_TRUE(deadline_init().ok());
  }
  Recorder recorder_;
};

TEST_F(Deadlines, fire_in_order_at_their_moments) {
  TestTimer c{recorder_, 3}, a{recorder_, 1}, b{recorder_, 2};
  ASSERT_TRUE(deadline::arm(c, 30_ns));
  ASSERT_TRUE(deadline::arm(a, 10_ns));
  ASSERT_TRUE(deadline::arm(b, 20_ns));
  host::advance(9_ns);
  EXPECT_TRUE(recorder_.order.empty());
  host::advance(100_ns);
  EXPECT_EQ(recorder_.order, (std::vector{1, 2, 3}));
  EXPECT_EQ(a.at.front(), 10_ns);
  EXPECT_EQ(b.at.front(), 20_ns);
  EXPECT_EQ(c.at.front(), 30_ns);
}

TEST_F(Deadlines, of_the_same_moment_fire_as_they_were_armed) {
  TestTimer a{recorder_, 1}, b{recorder_, 2}, c{recorder_, 3};
  for (TestTimer* timer : {&a, &b, &c}) ASSERT_TRUE(deadline::arm(*timer, 10_ns));
  host::advance(10_ns);
  EXPECT_EQ(recorder_.order, (std::vector{1, 2, 3}));
}

TEST_F(Deadlines, that_have_passed_are_refused) {
  TestTimer timer{recorder_, 1};
  host::advance(10_ns);
  EXPECT_FALSE(deadline::arm(timer, 10_ns));
  EXPECT_FALSE(deadline::arm(timer, 0_ns));
  EXPECT_TRUE(deadline::arm(timer, 11_ns));
  deadline::cancel(timer);
}

TEST_F(Deadlines, cancelled_do_not_fire) {
  TestTimer a{recorder_, 1}, b{recorder_, 2};
  ASSERT_TRUE(deadline::arm(a, 10_ns));
  ASSERT_TRUE(deadline::arm(b, 20_ns));
  deadline::cancel(a);
  deadline::cancel(a);
  host::advance(100_ns);
  EXPECT_EQ(recorder_.order, (std::vector{2}));
  deadline::cancel(b);
}

TEST_F(Deadlines, can_be_armed_again_by_their_callback) {
  TestTimer timer{recorder_, 1};
  timer.again = 10_ns;
  ASSERT_TRUE(deadline::arm(timer, 10_ns));
  host::advance(55_ns);
  EXPECT_EQ(timer.at, (std::vector{10_ns, 20_ns, 30_ns, 40_ns, 50_ns}));
  deadline::cancel(timer);
}

// Of the fakes of tests/host: a callback, or a thread that it wakes, moves the clock itself.
TEST_F(Deadlines, time_never_goes_back) {
  struct Slow : Timer {
    Slow() : Timer([](Timer&) { host::advance(100_ns); }) {}
  } timer;
  ASSERT_TRUE(deadline::arm(timer, 10_ns));
  host::advance(20_ns);
  EXPECT_EQ(clock::now(), 110_ns);
}

// Of the fakes, too: the CPU's timer stays armed for the one that is cancelled.
TEST_F(Deadlines, a_cancelled_one_is_not_in_the_way_when_time_starts_again) {
  TestTimer cancelled{recorder_, 1}, timer{recorder_, 2};
  ASSERT_TRUE(deadline::arm(cancelled, 10_ns));
  deadline::cancel(cancelled);
  host::reset_time();
  EXPECT_EQ(clock::now(), 0_ns);
  ASSERT_TRUE(deadline::arm(timer, 20_ns));
  host::advance(30_ns);
  EXPECT_EQ(recorder_.order, (std::vector{2}));
}

TEST_F(Deadlines, can_be_destroyed_by_their_callback) {
  struct Suicidal : Timer {
    Suicidal() : Timer([](Timer& timer) { delete static_cast<Suicidal*>(&timer); }) {}
  };
  ASSERT_TRUE(deadline::arm(*new Suicidal, 10_ns));
  host::advance(10_ns);
}

TEST_F(Deadlines, a_late_interrupt_fires_all_that_are_due) {
  TestTimer a{recorder_, 1}, b{recorder_, 2};
  ASSERT_TRUE(deadline::arm(a, 10_ns));
  ASSERT_TRUE(deadline::arm(b, 20_ns));
  const auto state = arch::Cpu::disable_interrupts();
  host::advance(50_ns);
  EXPECT_TRUE(recorder_.order.empty());
  arch::Cpu::restore_interrupts(state);
  EXPECT_EQ(recorder_.order, (std::vector{1, 2}));
}

TEST_F(Deadlines, nothing_ticks) {
  TestTimer a{recorder_, 1}, b{recorder_, 2};
  ASSERT_TRUE(deadline::arm(a, 10_ns));
  ASSERT_TRUE(deadline::arm(b, 20_ns));
  EXPECT_EQ(host::timer_arms(), 1u) << "only the earliest reaches the CPU's timer";
  host::advance(1_s);
  EXPECT_EQ(host::timer_arms(), 2u);
  EXPECT_EQ(host::armed_deadline().count, std::numeric_limits<std::uint64_t>::max());
}

TEST_F(Deadlines, beyond_the_clocks_end_are_never) {
  host::advance(10_s);
  EXPECT_TRUE(deadline::after(Nanoseconds{std::numeric_limits<std::uint64_t>::max()}).is_never());
  EXPECT_TRUE(deadline::at(Nanoseconds{std::numeric_limits<std::uint64_t>::max()}).is_never());
  EXPECT_EQ(deadline::after(1_s).when(), 11_s);
  EXPECT_FALSE(deadline::after(0_ns).is_never());
}

// Random arming, cancelling and time against the obvious model.
TEST_F(Deadlines, agree_with_a_model) {
  std::mt19937_64 random{20240229};
  constexpr std::size_t kTimers = 100;
  std::vector<std::unique_ptr<TestTimer>> timers;
  std::vector<std::uint64_t> due(kTimers, 0);  // 0: not armed
  for (std::size_t i = 0; i < kTimers; ++i) {
    timers.push_back(std::make_unique<TestTimer>(recorder_, static_cast<int>(i)));
  }
  for (int step = 0; step < 20000; ++step) {
    const std::size_t i = random() % kTimers;
    switch (random() % 4) {
      case 0:
      case 1:
        if (due[i] == 0) {
          const Nanoseconds when = clock::now() + Nanoseconds{1 + random() % 1000};
          ASSERT_TRUE(deadline::arm(*timers[i], when));
          due[i] = when.count;
        }
        break;
      case 2:
        deadline::cancel(*timers[i]);
        due[i] = 0;
        break;
      default: {
        recorder_.order.clear();
        host::advance(Nanoseconds{random() % 50});
        std::vector<std::uint64_t> moments;
        for (const int number : recorder_.order) {
          const auto index = static_cast<std::size_t>(number);
          ASSERT_NE(due[index], 0u) << "a timer fired that was not armed";
          ASSERT_EQ(timers[index]->at.back().count, due[index]);
          moments.push_back(due[index]);
          due[index] = 0;
        }
        ASSERT_TRUE(std::is_sorted(moments.begin(), moments.end()));
        for (const std::uint64_t moment : due) {
          ASSERT_TRUE(moment == 0 || moment > clock::now().count) << "a timer did not fire";
        }
      }
    }
  }
  for (auto& timer : timers) deadline::cancel(*timer);
}

}  // namespace
}  // namespace atl
