// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "sched_fixture.hpp"

// What every scheduler owes about the end of threads. A `must` each.
namespace atl {
namespace {

class SchedJoin : public SchedTest {
 protected:
  std::function<void()> nothing_ = [] {};
};

TEST_F(SchedJoin, waits_for_the_exit) {
  NEEDS_THREADS();
  bool done = false;
  std::function<void()> body = [&] {
    for (int i = 0; i < 10; ++i) sched::yield();
    done = true;
  };
  EXPECT_TRUE(sched::join(spawn(body)).ok());
  EXPECT_TRUE(done);
}

TEST_F(SchedJoin, finds_one_that_has_exited) {
  NEEDS_THREADS();
  Thread& thread = spawn(nothing_);
  settle();
  EXPECT_EQ(thread.state(), sched::State::kExited);
  EXPECT_TRUE(sched::join(thread).ok());
}

TEST_F(SchedJoin, of_oneself_is_a_deadlock) {
  EXPECT_EQ(sched::join(sched::current()).error(), Errc::kDeadlock);
}

TEST_F(SchedJoin, of_a_detached_thread_is_refused) {
  NEEDS_THREADS();
  Thread& thread = spawn(nothing_, {.detached = true});
  EXPECT_EQ(sched::join(thread).error(), Errc::kInvalidArgument);
  settle();
}

TEST_F(SchedJoin, is_for_one_thread_only) {
  NEEDS_THREADS();
  std::function<void()> slow = [] { EXPECT_TRUE(sched::sleep_until(deadline::after(1_ms)).ok()); };
  Thread& joined = spawn(slow);
  std::function<void()> joiner = [&] { EXPECT_TRUE(sched::join(joined).ok()); };
  Thread& first = spawn(joiner);
  settle();
  EXPECT_EQ(sched::join(joined).error(), Errc::kInvalidArgument);
  EXPECT_EQ(sched::detach(joined).error(), Errc::kInvalidArgument);
  EXPECT_TRUE(sched::join(first).ok());
}

TEST_F(SchedJoin, times_out_and_can_be_tried_again) {
  NEEDS_THREADS();
  std::function<void()> slow = [] { EXPECT_TRUE(sched::sleep_until(deadline::after(9_ms)).ok()); };
  Thread& thread = spawn(slow);
  EXPECT_EQ(sched::join(thread, deadline::after(2_ms)).error(), Errc::kTimedOut);
  EXPECT_EQ(clock::now(), 2_ms);
  EXPECT_TRUE(sched::join(thread, deadline::after(20_ms)).ok());
  EXPECT_EQ(clock::now(), 9_ms);
}

TEST_F(SchedJoin, can_be_interrupted) {
  NEEDS_THREADS();
  std::function<void()> meddler = [&] {
    sched::interrupt(*main_, Interruptions::kSignal);
    EXPECT_TRUE(sched::sleep_until(deadline::after(1_ms)).ok());
  };
  Thread& thread = spawn(meddler);
  EXPECT_EQ(sched::join(thread).error(), Errc::kInterrupted);
  sched::take_interruptions();
  EXPECT_TRUE(sched::join(thread).ok());
}

TEST_F(SchedJoin, detached_thread_is_freed_when_it_exits) {
  NEEDS_THREADS();
  const std::size_t stacks = host::live_stacks();
  spawn(nothing_, {.detached = true});
  Thread& later = spawn(nothing_);
  EXPECT_TRUE(sched::detach(later).ok());
  EXPECT_EQ(host::live_stacks(), stacks + 2);
  settle();
  EXPECT_EQ(host::live_stacks(), stacks);
}

TEST_F(SchedJoin, detach_frees_one_that_has_exited) {
  NEEDS_THREADS();
  const std::size_t stacks = host::live_stacks();
  Thread& thread = spawn(nothing_);
  settle();
  EXPECT_EQ(host::live_stacks(), stacks + 1);
  EXPECT_TRUE(sched::detach(thread).ok());
  EXPECT_EQ(host::live_stacks(), stacks);
}

TEST_F(SchedJoin, detaching_twice_is_refused) {
  NEEDS_THREADS();
  Thread& thread = spawn(nothing_);
  EXPECT_TRUE(sched::detach(thread).ok());
  EXPECT_EQ(sched::detach(thread).error(), Errc::kInvalidArgument);
  settle();
}

TEST_F(SchedJoin, the_last_ready_thread_may_exit) {
  NEEDS_THREADS();
  // main sleeps, so that the CPU idles on the stack of a thread that is gone.
  spawn(nothing_, {.detached = true});
  EXPECT_TRUE(sched::sleep_until(deadline::after(1_ms)).ok());
}

TEST_F(SchedJoin, many_threads_come_and_go) {
  NEEDS_THREADS();
  const std::size_t blocks = host::live_blocks();
  for (int i = 0; i < 1000; ++i) {
    Thread& thread = spawn(nothing_, {.detached = i % 3 == 0});
    if (i % 3 == 0) {
      sched::yield();
    } else if (i % 3 == 1) {
      ASSERT_TRUE(sched::join(thread).ok());
    } else {
      ASSERT_TRUE(sched::detach(thread).ok());
      sched::yield();
    }
  }
  settle();
  EXPECT_EQ(host::live_blocks(), blocks);
}

}  // namespace
}  // namespace atl
