// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <vector>

#include "sched_fixture.hpp"

// What a scheduler owes that takes the CPU from a thread (kPreemptive of atoll/sched.hpp).
// A `must` each.
namespace atl {
namespace {

using sched::Policy;
using sched::Scheduling;
using sched::ThreadOptions;

constexpr Scheduling kUrgent{.priority = ThreadOptions::kHighestPriority};

class SchedPreemption : public SchedTest {
 protected:
  void SetUp() override {
    SchedTest::SetUp();
    if (!sched::Provider::kPreemptive) {
      GTEST_SKIP() << "this scheduler takes the CPU from nobody";
    }
  }

  /// A thread that is asleep, is woken by the timer in half a millisecond, and then notes
  /// that it has run.
  Thread& sleeper(const Scheduling& scheduling) {
    ran_ = false;
    Thread& thread = spawn(sleeps_, {.scheduling = &scheduling});
    // Whoever goes first: where this one sleeps all others run.
    EXPECT_TRUE(sched::sleep_until(deadline::after(500_us)).ok());
    EXPECT_EQ(thread.state(), sched::State::kWaiting);
    return thread;
  }

  bool ran_ = false;

 private:
  std::function<void()> sleeps_ = [this] {
    EXPECT_TRUE(sched::sleep_until(deadline::after(1_ms)).ok());
    ran_ = true;
  };
};

TEST_F(SchedPreemption, a_guard_keeps_the_cpu) {
  std::vector<Scheduling> all{Scheduling{}, kUrgent};
  if (sched::AttributesContract<sched::Provider>) {
    all.push_back(
        {.policy = Policy::kDeadline, .runtime = 10_ms, .deadline = 30_ms, .period = 40_ms});
  }
  for (const Scheduling& scheduling : all) {
    Thread& thread = sleeper(scheduling);
    {
      const sched::PreemptGuard outer;
      {
        const sched::PreemptGuard inner;
        host::advance(1_ms);
      }
      EXPECT_EQ(thread.state(), sched::State::kReady);
      host::advance(1_s);  // any turn is over
      EXPECT_FALSE(ran_);
    }
    EXPECT_TRUE(sched::join(thread).ok());
  }
}

TEST_F(SchedPreemption, who_was_kept_out_runs_when_the_guard_ends) {
  if (!sched::Provider::kHasPriorities) GTEST_SKIP() << "this scheduler has no priorities";
  Thread& thread = sleeper(kUrgent);
  {
    const sched::PreemptGuard guard;
    host::advance(1_ms);
  }
  EXPECT_TRUE(ran_);
  EXPECT_TRUE(sched::join(thread).ok());
}

TEST_F(SchedPreemption, an_interrupt_takes_the_cpu_for_a_higher_priority) {
  if (!sched::Provider::kHasPriorities) GTEST_SKIP() << "this scheduler has no priorities";
  Thread& thread = sleeper(kUrgent);
  for (int i = 0; i != 1000 && !ran_; ++i) host::advance(1_ms);  // it computes
  EXPECT_TRUE(ran_);
  EXPECT_TRUE(sched::join(thread).ok());
}

}  // namespace
}  // namespace atl
