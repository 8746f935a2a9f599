// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "sync_fixture.hpp"

#include <limits>
#include <vector>

namespace atl {
namespace {

class MutexTest : public SyncTest {};
class SemaphoreTest : public SyncTest {};
class EventTest : public SyncTest {};

TEST_F(MutexTest, excludes_across_waits) {
  Mutex mutex;
  int inside = 0;
  int entered = 0;
  std::function<void()> body = [&] {
    for (int i = 0; i < 20; ++i) {
      Guard guard{mutex};
      EXPECT_TRUE(mutex.owned_by_current());
      EXPECT_EQ(++inside, 1);
      sched::yield();
      --inside;
      ++entered;
    }
  };
  run(body, 4);
  EXPECT_EQ(entered, 80);
}

TEST_F(MutexTest, is_given_to_the_longest_waiting) {
  Mutex mutex;
  std::vector<int> order;
  mutex.lock();
  std::vector<std::function<void()>> bodies;
  for (int i = 0; i < 3; ++i) {
    bodies.emplace_back([&mutex, &order, i] {
      mutex.lock();
      order.push_back(i);
      mutex.unlock();
    });
  }
  for (auto& body : bodies) start(body);
  mutex.unlock();
  EXPECT_FALSE(mutex.try_lock()) << "barged past a waiting thread";
  join_all();
  EXPECT_EQ(order, (std::vector{0, 1, 2}));
}

TEST_F(MutexTest, times_out_and_can_be_interrupted) {
  Mutex mutex;
  mutex.lock();
  Thread* waiter = nullptr;
  std::function<void()> body = [&] {
    waiter = &sched::current();
    EXPECT_EQ(mutex.lock(deadline::after(1_ms)).error(), Errc::kTimedOut);
    EXPECT_FALSE(mutex.owned_by_current());
    EXPECT_EQ(mutex.lock(Deadline::never()).error(), Errc::kInterrupted);
    sched::take_interruptions();
    EXPECT_TRUE(mutex.lock(deadline::after(1_s)).ok());
    mutex.unlock();
  };
  start(body);
  EXPECT_TRUE(sched::sleep_until(deadline::after(2_ms)).ok());
  sched::interrupt(*waiter, Interruptions::kSignal);
  settle();
  mutex.unlock();
  join_all();
}

TEST_F(MutexTest, plain_lock_is_not_interrupted) {
  Mutex mutex;
  mutex.lock();
  bool locked = false;
  std::function<void()> body = [&] {
    sched::interrupt(sched::current(), Interruptions::kStop);
    mutex.lock();
    locked = true;
    mutex.unlock();
  };
  start(body);
  EXPECT_FALSE(locked);
  mutex.unlock();
  join_all();
  EXPECT_TRUE(locked);
}

TEST_F(MutexTest, recursion_is_found) {
  Mutex mutex;
  mutex.lock();
  EXPECT_EQ(mutex.lock(Deadline::never()).error(), Errc::kDeadlock);
  EXPECT_FALSE(mutex.try_lock());
  EXPECT_DEATH(mutex.lock(), "result.ok");
  mutex.unlock();
  EXPECT_DEATH(mutex.unlock(), "owned_by_current");
}

TEST_F(SemaphoreTest, counts_permits) {
  Semaphore semaphore{2};
  EXPECT_TRUE(semaphore.acquire().ok());
  EXPECT_TRUE(semaphore.try_acquire());
  EXPECT_FALSE(semaphore.try_acquire());
  EXPECT_EQ(semaphore.acquire(deadline::after(1_ms)).error(), Errc::kTimedOut);
  EXPECT_TRUE(semaphore.release(3).ok());
  EXPECT_EQ(semaphore.permits(), 3u);
}

TEST_F(SemaphoreTest, gives_permits_to_those_who_wait_first) {
  Semaphore semaphore;
  int got = 0;
  std::function<void()> body = [&] {
    EXPECT_TRUE(semaphore.acquire().ok());
    ++got;
  };
  for (int i = 0; i < 3; ++i) start(body);
  EXPECT_TRUE(semaphore.release(5).ok());
  EXPECT_EQ(semaphore.permits(), 2u);
  join_all();
  EXPECT_EQ(got, 3);
}

TEST_F(SemaphoreTest, overflow_is_refused_and_adds_nothing) {
  Semaphore semaphore{std::numeric_limits<std::uint32_t>::max() - 1};
  EXPECT_EQ(semaphore.release(2).error(), Errc::kOverflow);
  EXPECT_TRUE(semaphore.release(1).ok());
  EXPECT_EQ(semaphore.release(1).error(), Errc::kOverflow);
}

TEST_F(SemaphoreTest, is_released_by_interrupt_handlers) {
  Semaphore semaphore;
  for (std::uint64_t point = 0; point < 30; ++point) {
    host::interrupt_at_point(
        point, [](void* context) { EXPECT_TRUE(static_cast<Semaphore*>(context)->release().ok()); },
        &semaphore);
    EXPECT_TRUE(semaphore.acquire().ok());
    EXPECT_EQ(semaphore.permits(), 0u);
  }
}

TEST_F(EventTest, stays_set_until_reset) {
  Event event;
  EXPECT_FALSE(event.is_set());
  EXPECT_EQ(event.wait(deadline::after(1_ms)).error(), Errc::kTimedOut);
  event.set();
  EXPECT_TRUE(event.wait().ok());
  EXPECT_TRUE(event.wait().ok());
  event.reset();
  EXPECT_FALSE(event.is_set());
}

TEST_F(EventTest, wakes_everyone_even_if_reset_at_once) {
  Event event;
  int woken = 0;
  std::function<void()> body = [&] {
    EXPECT_TRUE(event.wait().ok());
    ++woken;
  };
  for (int i = 0; i < 4; ++i) start(body);
  event.set();
  event.reset();
  join_all();
  EXPECT_EQ(woken, 4);
}

TEST_F(EventTest, is_set_by_interrupt_handlers) {
  Event event;
  for (std::uint64_t point = 0; point < 30; ++point) {
    host::interrupt_at_point(
        point, [](void* context) { static_cast<Event*>(context)->set(); }, &event);
    EXPECT_TRUE(event.wait().ok());
    event.reset();
  }
}

}  // namespace
}  // namespace atl
