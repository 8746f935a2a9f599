// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <vector>

#include "sched_fixture.hpp"

// What a scheduler owes that has attributes of its own per thread (AttributesContract of
// atoll/sched.hpp), and what all owe of end_job(). A `must` each.
namespace atl {
namespace {

using sched::Policy;
using sched::Scheduling;

constexpr Scheduling reserve(Nanoseconds runtime, Nanoseconds deadline, Nanoseconds period) {
  return {.policy = Policy::kDeadline,
          .priority = 0,
          .runtime = runtime,
          .deadline = deadline,
          .period = period};
}

constexpr Scheduling kModest = reserve(10_ms, 30_ms, 40_ms);

class SchedAttributes : public SchedTest {
 protected:
  void SetUp() override {
    SchedTest::SetUp();
    if (!sched::AttributesContract<sched::Provider>) {
      GTEST_SKIP() << "this scheduler has no attributes of its own";
    }
  }
  void TearDown() override {
    EXPECT_TRUE(sched::set_scheduling(sched::current(), {}).ok());
    SchedTest::TearDown();
  }
};

TEST_F(SchedAttributes, what_was_set_is_told) {
  ASSERT_TRUE(sched::set_scheduling(sched::current(), kModest).ok());
  const Scheduling found = sched::scheduling(sched::current());
  EXPECT_EQ(found.policy, Policy::kDeadline);
  EXPECT_EQ(found.runtime, kModest.runtime);
  EXPECT_EQ(found.deadline, kModest.deadline);
  EXPECT_EQ(found.period, kModest.period);
  ASSERT_TRUE(sched::set_scheduling(sched::current(), {.policy = Policy::kFifo}).ok());
  EXPECT_EQ(sched::scheduling(sched::current()).policy, Policy::kFifo);
}

TEST_F(SchedAttributes, a_thread_starts_with_what_create_is_told) {
  Scheduling found;
  std::function<void()> body = [&] { found = sched::scheduling(sched::current()); };
  EXPECT_TRUE(sched::join(spawn(body, {.scheduling = &kModest})).ok());
  EXPECT_EQ(found.policy, Policy::kDeadline);
  EXPECT_EQ(found.runtime, kModest.runtime);
}

TEST_F(SchedAttributes, a_new_thread_can_keep_its_first_deadline) {
  const Nanoseconds created = clock::now();
  Nanoseconds began;
  std::function<void()> body = [&] { began = clock::now(); };
  EXPECT_TRUE(sched::join(spawn(body, {.scheduling = &kModest})).ok());
  EXPECT_LE(began + kModest.runtime, created + kModest.deadline);
}

TEST_F(SchedAttributes, no_period_is_the_deadline) {
  ASSERT_TRUE(sched::set_scheduling(sched::current(), reserve(10_ms, 30_ms, 0_ms)).ok());
  EXPECT_EQ(sched::scheduling(sched::current()).period, 30_ms);
}

TEST_F(SchedAttributes, times_that_make_no_sense_change_nothing) {
  ASSERT_TRUE(sched::set_scheduling(sched::current(), kModest).ok());
  for (const Scheduling& wanted : {reserve(0_ms, 0_ms, 0_ms), reserve(0_ms, 30_ms, 40_ms),
                                   reserve(31_ms, 30_ms, 40_ms), reserve(10_ms, 41_ms, 40_ms)}) {
    EXPECT_EQ(sched::set_scheduling(sched::current(), wanted).error(), Errc::kInvalidArgument);
    EXPECT_EQ(sched::create(
                  {.scheduling = &wanted}, [](void*) {}, nullptr)
                  .error(),
              Errc::kInvalidArgument);
  }
  EXPECT_EQ(sched::scheduling(sched::current()).runtime, kModest.runtime);
}

TEST_F(SchedAttributes, no_more_is_promised_than_the_cpus_have) {
  const Scheduling most = reserve(90_ms, 100_ms, 100_ms);
  std::function<void()> body = [] {};
  std::vector<Thread*> threads;
  Errc refused{};
  {
    sched::PreemptGuard guard;
    while (threads.size() <= kMaxCpus) {
      auto thread = sched::create(
          {.scheduling = &most},
          [](void* argument) { (*static_cast<std::function<void()>*>(argument))(); }, &body);
      refused = thread.error();
      if (!thread.ok()) break;
      threads.push_back(thread.value());
    }
    EXPECT_EQ(refused, Errc::kBusy);
    EXPECT_EQ(sched::set_scheduling(sched::current(), most).error(), Errc::kBusy);
    EXPECT_EQ(sched::scheduling(sched::current()).policy, Policy::kNormal);
  }
  for (Thread* const thread : threads) EXPECT_TRUE(sched::join(*thread).ok());
  // All of it has been given back.
  EXPECT_TRUE(sched::set_scheduling(sched::current(), most).ok());
}

TEST_F(SchedAttributes, a_refused_thread_leaves_nothing_promised) {
  const Scheduling most = reserve(90_ms, 100_ms, 100_ms);
  host::fail_stacks_after(0);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(sched::create(
                  {.scheduling = &most}, [](void*) {}, nullptr)
                  .error(),
              Errc::kNoMemory);
  }
  host::fail_stacks_after(host::kNever);
  EXPECT_TRUE(sched::set_scheduling(sched::current(), most).ok());
}

TEST_F(SchedAttributes, an_ended_job_waits_for_the_next_period) {
  const Nanoseconds begin = clock::now();
  ASSERT_TRUE(sched::set_scheduling(sched::current(), kModest).ok());
  EXPECT_EQ(clock::now(), begin);
  sched::end_job();
  EXPECT_EQ(clock::now(), begin + kModest.period);
  sched::end_job();
  EXPECT_EQ(clock::now(), begin + kModest.period + kModest.period);
}

TEST_F(SchedAttributes, nothing_else_ends_a_job) {
  ASSERT_TRUE(sched::set_scheduling(sched::current(), kModest).ok());
  const Nanoseconds begin = clock::now();
  sched::yield();
  EXPECT_TRUE(sched::sleep_until(deadline::at(begin)).ok());
  ASSERT_TRUE(sched::set_scheduling(sched::current(), kModest).ok());
  EXPECT_EQ(clock::now(), begin);
}

TEST_F(SchedAttributes, who_waits_or_is_ready_can_be_changed) {
  WaitQueue queue;
  bool go = false;
  int ran = 0;
  std::function<void()> waits = [&] {
    WaitQueue::Guard guard{queue};
    while (!go) EXPECT_TRUE(queue.wait(guard).ok());
    ++ran;
  };
  std::function<void()> runs = [&] { ++ran; };
  Thread& waiting = spawn(waits);
  settle();
  Thread& ready = spawn(runs, {.priority = 1});
  for (Thread* const thread : {&waiting, &ready}) {
    ASSERT_TRUE(sched::set_scheduling(*thread, kModest).ok());
    EXPECT_EQ(sched::scheduling(*thread).policy, Policy::kDeadline);
    ASSERT_TRUE(sched::set_scheduling(*thread, {.priority = 2}).ok());
    EXPECT_EQ(sched::scheduling(*thread).priority, 2);
  }
  {
    WaitQueue::Guard guard{queue};
    go = true;
    queue.wake_all(guard);
  }
  for (Thread* const thread : {&waiting, &ready}) EXPECT_TRUE(sched::join(*thread).ok());
  EXPECT_EQ(ran, 2);
}

class SchedEndJob : public SchedTest {};

TEST_F(SchedEndJob, without_a_deadline_it_is_a_yield) {
  sched::end_job();
  NEEDS_THREADS();
  bool ran = false;
  std::function<void()> body = [&] { ran = true; };
  Thread& thread = spawn(body);
  EXPECT_FALSE(ran);
  sched::end_job();
  EXPECT_TRUE(ran);
  EXPECT_TRUE(sched::join(thread).ok());
}

}  // namespace
}  // namespace atl
