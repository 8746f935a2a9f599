// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "sync_fixture.hpp"

#include <deque>
#include <random>

namespace atl {
namespace {

class ConditionVariableTest : public SyncTest {};

TEST_F(ConditionVariableTest, hands_over_between_threads) {
  Mutex mutex;
  ConditionVariable changed;
  std::deque<int> queue;
  std::vector<int> received;
  std::function<void()> consumer = [&] {
    while (true) {
      Guard guard{mutex};
      while (queue.empty()) EXPECT_TRUE(changed.wait(mutex).ok());
      const int value = queue.front();
      queue.pop_front();
      if (value < 0) return;
      received.push_back(value);
    }
  };
  std::function<void()> producer = [&] {
    for (int i = 0; i < 50; ++i) {
      Guard guard{mutex};
      queue.push_back(i);
      changed.notify_one();
      if (i % 3 == 0) sched::yield();
    }
    Guard guard{mutex};
    queue.push_back(-1);
    changed.notify_one();
  };
  start(consumer);
  start(producer);
  join_all();
  ASSERT_EQ(received.size(), 50u);
  for (int i = 0; i < 50; ++i) EXPECT_EQ(received[static_cast<std::size_t>(i)], i);
}

TEST_F(ConditionVariableTest, owns_the_mutex_again_whatever_the_result) {
  Mutex mutex;
  ConditionVariable never;
  mutex.lock();
  EXPECT_EQ(never.wait(mutex, deadline::after(1_ms)).error(), Errc::kTimedOut);
  EXPECT_TRUE(mutex.owned_by_current());
  sched::interrupt(sched::current(), Interruptions::kSignal);
  EXPECT_EQ(never.wait(mutex).error(), Errc::kInterrupted);
  EXPECT_TRUE(mutex.owned_by_current());
  mutex.unlock();
}

TEST_F(ConditionVariableTest, gives_the_mutex_up_while_waiting) {
  Mutex mutex;
  ConditionVariable condition;
  bool ready = false;
  std::function<void()> body = [&] {
    Guard guard{mutex};
    ready = true;
    condition.notify_all();
  };
  mutex.lock();
  start(body);
  while (!ready) ASSERT_TRUE(condition.wait(mutex).ok());
  EXPECT_TRUE(mutex.owned_by_current());
  mutex.unlock();
  join_all();
}

TEST_F(ConditionVariableTest, needs_the_mutex) {
  Mutex mutex;
  ConditionVariable condition;
  EXPECT_DEATH(static_cast<void>(condition.wait(mutex)), "owned_by_current");
}

// Threads, handlers, deadlines and interruptions at random; what goes in comes
// out once, and nobody is left behind.
TEST_F(ConditionVariableTest, random_traffic_loses_nothing) {
  struct Traffic {
    std::mt19937_64 random{4711};
    Mutex mutex;
    ConditionVariable changed;
    Semaphore arrivals;  // released by interrupt handlers
    std::uint64_t raised = 0;
    std::uint64_t taken = 0;
    std::uint64_t in_flight = 0;
    bool closing = false;

    static void interrupt(void* context) {
      auto& self = *static_cast<Traffic*>(context);
      ++self.raised;
      EXPECT_TRUE(self.arrivals.release().ok());
    }
  } traffic;
  std::vector<Thread*> consumers;
  std::function<void()> mover = [&] {
    while (!traffic.closing) {
      const Result<void> got = traffic.arrivals.acquire(deadline::after(1_us));
      sched::take_interruptions();
      if (!got.ok()) continue;
      Guard guard{traffic.mutex};
      ++traffic.in_flight;
      traffic.changed.notify_one();
    }
  };
  std::function<void()> consumer = [&] {
    consumers.push_back(&sched::current());
    Guard guard{traffic.mutex};
    while (true) {
      while (traffic.in_flight == 0 && !traffic.closing) {
        static_cast<void>(traffic.changed.wait(traffic.mutex, deadline::after(3_us)));
        sched::take_interruptions();
      }
      if (traffic.in_flight == 0) return;
      --traffic.in_flight;
      ++traffic.taken;
      if (traffic.random() % 2 == 0) sched::yield();
    }
  };
  for (int i = 0; i < 3; ++i) start(mover);
  for (int i = 0; i < 3; ++i) start(consumer);
  for (int step = 0; step < 20000; ++step) {
    switch (traffic.random() % 5) {
      case 0:
        host::raise_interrupt(Traffic::interrupt, &traffic);
        break;
      case 1:
        if (host::interrupt_point_reached()) {
          host::interrupt_at_point(traffic.random() % 20, Traffic::interrupt, &traffic);
        }
        break;
      case 2:
        sched::interrupt(*consumers[traffic.random() % consumers.size()], Interruptions::kSignal);
        break;
      case 3:
        host::advance(Nanoseconds{traffic.random() % 2000});
        break;
      default:
        sched::yield();
    }
  }
  EXPECT_TRUE(sched::sleep_until(deadline::after(1_ms)).ok());
  traffic.closing = true;
  traffic.mutex.lock();
  traffic.changed.notify_all();
  traffic.mutex.unlock();
  join_all();
  EXPECT_GT(traffic.raised, 1000u);
  EXPECT_EQ(traffic.taken + traffic.arrivals.permits() + traffic.in_flight, traffic.raised);
  EXPECT_EQ(traffic.in_flight, 0u);
}

}  // namespace
}  // namespace atl
