// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <string>

#include "sync_fixture.hpp"

namespace atl {
namespace {

class ReadWriteLockTest : public SyncTest {};

TEST_F(ReadWriteLockTest, many_read_and_one_writes) {
  ReadWriteLock lock;
  int readers = 0;
  int most = 0;
  int writers = 0;
  std::function<void()> reads = [&] {
    for (int i = 0; i < 20; ++i) {
      ReadGuard guard{lock};
      EXPECT_EQ(writers, 0);
      most = std::max(most, ++readers);
      sched::yield();
      --readers;
    }
  };
  std::function<void()> writes = [&] {
    for (int i = 0; i < 20; ++i) {
      Guard guard{lock};
      EXPECT_TRUE(lock.owned_by_current());
      EXPECT_EQ(++writers, 1);
      EXPECT_EQ(readers, 0);
      sched::yield();
      --writers;
    }
  };
  {
    Guard guard{lock};
    for (int i = 0; i < 3; ++i) {
      start(reads);
      start(writes);
    }
  }
  join_all();
  EXPECT_EQ(most, 3);
  EXPECT_TRUE(lock.is_out_of_use());
}

TEST_F(ReadWriteLockTest, neither_side_starves) {
  ReadWriteLock lock;
  std::string order;
  std::function<void()> reads = [&] {
    ReadGuard guard{lock};
    order += 'r';
  };
  std::function<void()> writes = [&] {
    Guard guard{lock};
    order += 'w';
  };
  {
    ReadGuard guard{lock};
    start(writes);
    start(reads);
    EXPECT_EQ(order, "") << "a reader passed a writer that waits";
    EXPECT_EQ(lock.try_lock_shared().error(), Errc::kBusy);
    EXPECT_TRUE(lock.try_lock_shared(true).ok()) << "one that reads already waits for itself";
    EXPECT_TRUE(lock.unlock().ok());
  }
  join_all();
  EXPECT_EQ(order, "wr");

  order.clear();
  {
    Guard guard{lock};
    start(writes);
    start(reads);
    start(reads);
  }
  join_all();
  EXPECT_EQ(order, "rrw") << "the readers that came while it was written are next";
}

TEST_F(ReadWriteLockTest, a_writer_that_gives_up_lets_readers_in) {
  ReadWriteLock lock;
  bool reads = false;
  std::function<void()> gives_up = [&] {
    EXPECT_EQ(lock.lock(deadline::after(1_ms)).error(), Errc::kTimedOut);
  };
  std::function<void()> reader = [&] {
    ReadGuard guard{lock};
    reads = true;
  };
  ReadGuard guard{lock};
  start(gives_up);
  start(reader);
  EXPECT_FALSE(reads);
  EXPECT_TRUE(sched::sleep_until(deadline::after(2_ms)).ok());
  settle();
  EXPECT_TRUE(reads);
  join_all();
}

TEST_F(ReadWriteLockTest, waits_end_early) {
  ReadWriteLock lock;
  std::function<void()> body = [&] {
    EXPECT_EQ(lock.lock_shared(deadline::after(1_ms)).error(), Errc::kTimedOut);
    EXPECT_EQ(lock.lock(deadline::after(1_ms)).error(), Errc::kTimedOut);
    sched::interrupt(sched::current(), Interruptions::kSignal);
    EXPECT_EQ(lock.lock_shared().error(), Errc::kInterrupted);
    EXPECT_EQ(lock.lock().error(), Errc::kInterrupted);
    sched::take_interruptions();
  };
  {
    Guard guard{lock};
    start(body);
    EXPECT_TRUE(sched::sleep_until(deadline::after(5_ms)).ok());
  }
  join_all();
  EXPECT_TRUE(lock.is_out_of_use());
}

TEST_F(ReadWriteLockTest, mistakes_are_errors) {
  ReadWriteLock lock;
  EXPECT_EQ(lock.unlock().error(), Errc::kNotPermitted);
  EXPECT_TRUE(lock.try_lock());
  EXPECT_FALSE(lock.try_lock());
  EXPECT_EQ(lock.lock().error(), Errc::kDeadlock);
  EXPECT_EQ(lock.lock_shared().error(), Errc::kDeadlock);
  std::function<void()> other = [&] { EXPECT_EQ(lock.unlock().error(), Errc::kNotPermitted); };
  run(other, 1);
  EXPECT_FALSE(lock.is_out_of_use());
  EXPECT_TRUE(lock.unlock().ok());
}

class OnceTest : public SyncTest {};

TEST_F(OnceTest, one_does_it_while_the_others_wait) {
  Once once;
  int done = 0;
  int passed = 0;
  std::function<void()> body = [&] {
    once.call([&] {
      sched::yield();
      ++done;
    });
    EXPECT_EQ(done, 1);
    ++passed;
  };
  for (int i = 0; i < 4; ++i) start(body);
  join_all();
  EXPECT_EQ(passed, 4);
  EXPECT_TRUE(once.is_done());
}

TEST_F(OnceTest, who_fails_leaves_it_to_the_next) {
  Once once;
  EXPECT_TRUE(once.begin().value());
  bool next = false;
  std::function<void()> waits = [&] {
    EXPECT_EQ(once.begin(deadline::after(1_ms)).error(), Errc::kTimedOut);
    next = once.begin().value();
    once.end(true);
  };
  start(waits);
  EXPECT_TRUE(sched::sleep_until(deadline::after(2_ms)).ok());
  EXPECT_FALSE(next);
  once.end(false);
  join_all();
  EXPECT_TRUE(next);
  EXPECT_FALSE(once.begin().value());
}

}  // namespace
}  // namespace atl
