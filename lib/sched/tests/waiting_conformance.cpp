// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "sched_fixture.hpp"

#include <vector>

// What every scheduler owes about waiting (atoll/wait_queue.hpp). A `must` each.
namespace atl {
namespace {

class SchedWaiting : public SchedTest {
 public:
  // A wait of any thread in the queue of this test.
  Result<void> wait(Deadline deadline = Deadline::never(), Interruptions by = Interruptions::kAny) {
    WaitQueue::Guard guard{queue_};
    const Result<void> result = queue_.wait(guard, deadline, by);
    EXPECT_FALSE(arch::Cpu::interrupts_enabled()) << "wait() came back without its lock";
    EXPECT_FALSE(queue_.has_waiters(guard) && !others_wait_) << "a waiter stayed in the queue";
    return result;
  }

  // A device's interrupt handler.
  static void make_ready(void* test) {
    auto& self = *static_cast<SchedWaiting*>(test);
    WaitQueue::Guard guard{self.queue_};
    self.ready_ = true;
    self.queue_.wake_one(guard);
  }

  WaitQueue queue_;
  bool ready_ = false;
  bool others_wait_ = false;
};

TEST_F(SchedWaiting, is_ended_by_an_interrupt_handler) {
  host::set_idle_handler(nullptr);
  host::interrupt_at_point(1000, make_ready, this);
  WaitQueue::Guard guard{queue_};
  while (!ready_) ASSERT_TRUE(queue_.wait(guard).ok());
}

// Whichever instruction the interrupt hits, the waiter must see it: a scheduler
// that loses one hangs, and the host CPU aborts ("waits for ever").
TEST_F(SchedWaiting, no_wake_up_is_lost_wherever_the_interrupt_hits) {
  host::set_idle_handler(nullptr);
  for (std::uint64_t point = 0; point < 60; ++point) {
    ready_ = false;
    host::interrupt_at_point(point, make_ready, this);
    {
      WaitQueue::Guard guard{queue_};
      while (!ready_) ASSERT_TRUE(queue_.wait(guard).ok());
    }
    EXPECT_TRUE(host::interrupt_point_reached());
  }
}

TEST_F(SchedWaiting, no_wake_up_is_lost_between_threads_and_handlers) {
  NEEDS_THREADS();
  host::set_idle_handler(nullptr);
  std::function<void()> busy = [&] {
    while (!ready_) sched::yield();
    sched::yield();
  };
  for (std::uint64_t point = 0; point < 60; ++point) {
    ready_ = false;
    Thread& other = spawn(busy);
    host::interrupt_at_point(point, make_ready, this);
    {
      WaitQueue::Guard guard{queue_};
      while (!ready_) ASSERT_TRUE(queue_.wait(guard).ok());
    }
    ASSERT_TRUE(sched::join(other).ok());
  }
}

TEST_F(SchedWaiting, times_out_at_its_deadline_not_before) {
  host::advance(5_ms);
  EXPECT_EQ(wait(deadline::after(3_ms)).error(), Errc::kTimedOut);
  EXPECT_EQ(clock::now(), 8_ms);
}

TEST_F(SchedWaiting, other_interrupts_do_not_end_it) {
  int count = 0;
  for (std::uint64_t point = 0; point < 10; ++point) {
    host::interrupt_at_point(
        point, [](void* counter) { ++*static_cast<int*>(counter); }, &count);
    const Nanoseconds start = clock::now();
    EXPECT_EQ(wait(deadline::after(1_ms)).error(), Errc::kTimedOut);
    EXPECT_EQ(clock::now(), start + 1_ms);
  }
  EXPECT_GT(count, 0);
}

TEST_F(SchedWaiting, a_deadline_that_has_passed_ends_it_at_once) {
  host::advance(5_ms);
  EXPECT_EQ(wait(deadline::at(5_ms)).error(), Errc::kTimedOut);
  EXPECT_EQ(wait(deadline::at(0_ns)).error(), Errc::kTimedOut);
  EXPECT_EQ(clock::now(), 5_ms);
}

TEST_F(SchedWaiting, polling_lets_others_run) {
  NEEDS_THREADS();
  bool ran = false;
  std::function<void()> body = [&] { ran = true; };
  Thread& thread = spawn(body);
  for (int i = 0; i < 100 && !ran; ++i) {
    EXPECT_EQ(wait(deadline::at(0_ns)).error(), Errc::kTimedOut);
  }
  EXPECT_TRUE(ran);
  EXPECT_TRUE(sched::join(thread).ok());
}

TEST_F(SchedWaiting, a_wake_up_wins_over_its_deadline) {
  struct Race {
    SchedWaiting* test;
    static void wake_then_let_time_pass(void* self) {
      make_ready(static_cast<Race*>(self)->test);
      host::advance(10_ms);
    }
  } race{this};
  host::interrupt_at_point(1000, Race::wake_then_let_time_pass, &race);
  host::set_idle_handler(nullptr);
  EXPECT_TRUE(wait(deadline::after(1_ms)).ok());
}

TEST_F(SchedWaiting, a_wake_up_without_waiters_is_not_remembered) {
  EXPECT_EQ(queue_.wake_one(), nullptr);
  EXPECT_EQ(queue_.wake_all(), 0u);
  EXPECT_EQ(wait(deadline::after(1_ms)).error(), Errc::kTimedOut);
}

TEST_F(SchedWaiting, wake_one_takes_the_longest_waiting) {
  NEEDS_THREADS();
  others_wait_ = true;
  std::vector<int> order;
  std::vector<std::function<void()>> bodies;
  for (int i = 0; i < 4; ++i) {
    bodies.emplace_back([this, i, &order] {
      EXPECT_TRUE(wait().ok());
      order.push_back(i);
    });
  }
  std::vector<Thread*> threads;
  for (auto& body : bodies) {
    threads.push_back(&spawn(body));
    settle();
  }
  for (Thread* expected : threads) {
    EXPECT_EQ(queue_.wake_one(), expected);
    settle();
  }
  EXPECT_EQ(order, (std::vector{0, 1, 2, 3}));
  for (Thread* thread : threads) EXPECT_TRUE(sched::join(*thread).ok());
}

TEST_F(SchedWaiting, wake_all_takes_everyone_who_waits_now) {
  NEEDS_THREADS();
  others_wait_ = true;
  int woken = 0;
  std::function<void()> body = [&] {
    EXPECT_TRUE(wait().ok());
    ++woken;
  };
  std::vector<Thread*> threads;
  for (int i = 0; i < 5; ++i) threads.push_back(&spawn(body));
  settle();
  EXPECT_EQ(queue_.wake_all(), 5u);
  settle();
  EXPECT_EQ(woken, 5);
  for (Thread* thread : threads) EXPECT_TRUE(sched::join(*thread).ok());
}

TEST_F(SchedWaiting, a_wake_up_is_not_spent_on_one_that_timed_out) {
  NEEDS_THREADS();
  others_wait_ = true;
  Errc first = Errc{};
  bool second = false;
  std::function<void()> times_out = [&] { first = wait(deadline::after(1_ms)).error(); };
  std::function<void()> waits = [&] { second = wait().ok(); };
  Thread& one = spawn(times_out);
  settle();
  Thread& two = spawn(waits);
  settle();
  host::advance(2_ms);  // `one` is ready, and still in the queue
  EXPECT_EQ(queue_.wake_one(), &two);
  settle();
  EXPECT_EQ(first, Errc::kTimedOut);
  EXPECT_TRUE(second);
  EXPECT_TRUE(sched::join(one).ok());
  EXPECT_TRUE(sched::join(two).ok());
}

TEST_F(SchedWaiting, not_by_an_interrupt_handler) {
  EXPECT_DEATH(
      host::raise_interrupt(
          [](void* self) { static_cast<void>(static_cast<SchedWaiting*>(self)->wait()); }, this),
      "may_wait");
}

TEST_F(SchedWaiting, only_under_its_own_guard) {
  EXPECT_DEATH(
      {
        WaitQueue other;
        WaitQueue::Guard guard{other};
        static_cast<void>(queue_.wait(guard));
      },
      "queue_ == this");
}

TEST_F(SchedWaiting, idle_hook_is_asked_before_the_cpu_sleeps) {
  static SchedWaiting* test;
  test = this;
  host::set_idle_handler(nullptr);
  sched::set_idle_hook([] {
    EXPECT_FALSE(arch::Cpu::interrupts_enabled());
    make_ready(test);
    return true;
  });
  EXPECT_TRUE(wait().ok());
}

}  // namespace
}  // namespace atl
