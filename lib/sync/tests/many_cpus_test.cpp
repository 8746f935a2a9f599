// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <array>
#include <atoll/clock.hpp>
#include <atoll/deadline.hpp>
#include <atoll/futex.hpp>
#include <atoll/host/crew.hpp>
#include <atoll/lock.hpp>
#include <atoll/sync.hpp>
#include <deque>

/// What the waiting locks guard, and what they hand over, is plain data on every CPU.
namespace sync_many_cpus_test {

using namespace atl;

constexpr std::size_t kThreads = 8;
constexpr unsigned kTurns = 1000;

/// Only one at a time may be here.
struct Room {
  std::uint64_t entered = 0;
  std::uint64_t left = 0;

  void visit(bool stay) {
    VM_EXPECT_EQ(entered, left);
    ++entered;
    if (stay) sched::yield();
    ++left;
  }
};

VM_TEST(SyncManyCpus, a_mutex_excludes) {
  Mutex mutex;
  Room room;
  host::Crew{kThreads, [&](std::size_t) {
               for (unsigned i = 0; i < kTurns; ++i) {
                 Guard guard{mutex};
                 room.visit(i % 4 == 0);
               }
             }};
  VM_EXPECT_EQ(room.left, kThreads * kTurns);
}

VM_TEST(SyncManyCpus, a_mutex_that_is_only_tried_excludes) {
  Mutex mutex;
  Room room;
  Locked<std::uint64_t> got{0u};
  host::Crew{kThreads, [&](std::size_t) {
               std::uint64_t mine = 0;
               for (unsigned i = 0; i < kTurns; ++i) {
                 if (!mutex.try_lock()) {
                   sched::yield();
                   continue;
                 }
                 room.visit(i % 4 == 0);
                 ++mine;
                 mutex.unlock();
               }
               got.with([&](std::uint64_t& sum) { sum += mine; });
             }};
  VM_EXPECT_EQ(room.left, got.without_lock());
}

// Some give up, by the clock or because somebody asks them to: then they do not own it.
VM_TEST(SyncManyCpus, a_mutex_excludes_those_who_give_up) {
  Mutex mutex;
  Room room;
  Locked<std::uint64_t> got{0u};
  host::Crew crew{kThreads, [&](std::size_t member) {
                    std::uint64_t mine = 0;
                    for (unsigned i = 0; i < kTurns; ++i) {
                      const Nanoseconds patience{(member * 7 + i) % 50 * 4'000};
                      const Result<void> locked = mutex.lock(deadline::after(patience));
                      sched::take_interruptions();
                      if (!locked.ok()) {
                        VM_EXPECT(!mutex.owned_by_current());
                        continue;
                      }
                      room.visit(i % 4 == 0);
                      ++mine;
                      mutex.unlock();
                    }
                    got.with([&](std::uint64_t& sum) { sum += mine; });
                    // Alive for who interrupts it.
                    static_cast<void>(sched::sleep_until(Deadline::never()));
                  }};
  for (unsigned i = 0; i < kTurns; ++i) {
    sched::interrupt(crew[i % kThreads], Interruptions::kSignal);
    static_cast<void>(sched::sleep_until(deadline::after(50_us)));
  }
  bool all = false;
  while (!all) {
    all = true;
    for (std::size_t i = 0; i < kThreads; ++i) {
      if (crew[i].state() == sched::State::kExited) continue;
      all = false;
      sched::interrupt(crew[i], Interruptions::kCancellation);
    }
    static_cast<void>(sched::sleep_until(deadline::after(200_us)));
  }
  crew.join();
  VM_EXPECT_EQ(room.left, got.without_lock());
  VM_EXPECT_GT(room.left, 0u);
}

/// A queue with room for a few, between those who make and those who take.
struct Pipe {
  static constexpr std::size_t kRoom = 3;
  Mutex mutex;
  ConditionVariable changed;
  std::deque<std::uint64_t> held;

  void put(std::uint64_t value) {
    Guard guard{mutex};
    while (held.size() == kRoom) VM_EXPECT(changed.wait(mutex).ok());
    held.push_back(value);
    changed.notify_all();
  }
  std::uint64_t take(bool impatient) {
    Guard guard{mutex};
    while (held.empty()) {
      const Deadline until = impatient ? deadline::after(100_us) : Deadline::never();
      static_cast<void>(changed.wait(mutex, until));
    }
    const std::uint64_t value = held.front();
    held.pop_front();
    changed.notify_all();
    return value;
  }
};

VM_TEST(SyncManyCpus, a_condition_variable_hands_over) {
  constexpr std::size_t kPairs = 3;
  Pipe pipe;
  std::array<std::uint64_t, kPairs> sums{};
  host::Crew{2 * kPairs, [&](std::size_t member) {
               for (unsigned i = 1; i <= kTurns; ++i) {
                 if (member < kPairs) {
                   pipe.put(i);
                 } else {
                   sums[member - kPairs] += pipe.take(i % 3 == 0);
                 }
               }
             }};
  std::uint64_t sum = 0;
  for (const std::uint64_t one : sums) sum += one;
  VM_EXPECT_EQ(sum, std::uint64_t{kPairs} * kTurns * (kTurns + 1) / 2);
}

VM_TEST(SyncManyCpus, one_permit_excludes) {
  Semaphore permit{1};
  Room room;
  host::Crew{kThreads, [&](std::size_t) {
               for (unsigned i = 0; i < kTurns; ++i) {
                 if (i % 3 == 0 || !permit.try_acquire()) VM_EXPECT(permit.acquire().ok());
                 room.visit(i % 4 == 0);
                 VM_EXPECT_EQ(permit.permits(), 0u);
                 VM_EXPECT(permit.release().ok());
               }
             }};
  VM_EXPECT_EQ(room.left, kThreads * kTurns);
  VM_EXPECT_EQ(permit.permits(), 1u);
}

VM_TEST(SyncManyCpus, a_permit_that_is_only_tried_excludes) {
  Semaphore permit{1};
  Room room;
  Locked<std::uint64_t> got{0u};
  host::Crew{kThreads, [&](std::size_t) {
               std::uint64_t mine = 0;
               for (unsigned i = 0; i < kTurns; ++i) {
                 if (!permit.try_acquire()) {
                   arch::Cpu::relax();
                   continue;
                 }
                 room.visit(i % 4 == 0);
                 ++mine;
                 VM_EXPECT(permit.release().ok());
                 arch::Cpu::relax();
               }
               got.with([&](std::uint64_t& sum) { sum += mine; });
             }};
  VM_EXPECT_EQ(room.left, got.without_lock());
}

VM_TEST(SyncManyCpus, no_permit_is_lost_by_those_who_give_up) {
  Semaphore permits{2};
  host::Crew{kThreads, [&](std::size_t member) {
               for (unsigned i = 0; i < kTurns; ++i) {
                 const Nanoseconds patience{(member * 5 + i) % 40 * 2'000};
                 if (!permits.acquire(deadline::after(patience)).ok()) continue;
                 sched::yield();
                 VM_EXPECT(permits.release().ok());
               }
             }};
  VM_EXPECT_EQ(permits.permits(), 2u);
}

// What was written before set() is there after wait(), from an interrupt handler as well.
VM_TEST(SyncManyCpus, an_event_publishes) {
  struct Request : Timer {
    Request() : Timer(complete) {}
    static void complete(Timer& timer) {
      auto& self = static_cast<Request&>(timer);
      self.answer = 42;
      self.completed.set();
    }
    std::uint64_t answer = 0;
    Event completed;
  };
  for (unsigned i = 0; i < 40; ++i) {
    Request by_handler;
    std::uint64_t by_thread = 0;
    Event set;
    host::Crew crew{kThreads, [&](std::size_t member) {
                      if (member == 0) {
                        while (!deadline::arm(by_handler, clock::now() + 30_us)) {
                        }
                      } else if (member == 1) {
                        by_thread = 1;
                        set.set();
                      } else if (member % 2 == 0) {
                        VM_EXPECT(by_handler.completed.wait().ok());
                        VM_EXPECT_EQ(by_handler.answer, 42u);
                      } else {
                        VM_EXPECT(set.wait().ok());
                        VM_EXPECT_EQ(by_thread, 1u);
                      }
                    }};
    crew.join();
    deadline::cancel(by_handler);
  }
}

// Who reads sees a writer's work whole, or none of it.
VM_TEST(SyncManyCpus, a_read_write_lock_excludes) {
  ReadWriteLock lock;
  Room room;
  Locked<std::uint64_t> written{0u};
  const auto read = [&room](bool stay) {
    const std::uint64_t seen = room.entered;
    if (stay) sched::yield();
    VM_EXPECT_EQ(room.left, seen);
  };
  host::Crew{kThreads, [&](std::size_t member) {
               std::uint64_t mine = 0;
               for (unsigned i = 0; i < kTurns; ++i) {
                 const bool stay = i % 16 == 0;
                 if ((i + member) % 4 != 0) {
                   const ReadGuard guard{lock};
                   read(stay);
                 } else if (i % 8 == 0) {
                   // May give up, and has nothing then.
                   const Result<void> locked = lock.lock(deadline::after(Nanoseconds{i * 100}));
                   if (!locked.ok()) continue;
                   room.visit(stay);
                   ++mine;
                   VM_EXPECT(lock.unlock().ok());
                 } else {
                   Guard guard{lock};
                   room.visit(stay);
                   ++mine;
                 }
               }
               written.with([&](std::uint64_t& sum) { sum += mine; });
             }};
  VM_EXPECT_EQ(room.left, written.without_lock());
  VM_EXPECT(lock.is_out_of_use());
}

VM_TEST(SyncManyCpus, once_is_once_and_everyone_sees_what_it_did) {
  struct Thing {
    Once once;
    std::uint64_t made = 0;
    std::uint64_t calls = 0;
  };
  for (std::uint64_t round = 1; round <= 100; ++round) {
    Thing thing;
    host::Crew{kThreads, [&](std::size_t member) {
                 // The first who tries may fail, and another does it.
                 if (member == 0 && thing.once.begin().value()) {
                   ++thing.calls;
                   thing.once.end(false);
                 }
                 thing.once.call([&] {
                   ++thing.calls;
                   thing.made = round;
                 });
                 VM_EXPECT_EQ(thing.made, round);
               }};
    VM_EXPECT(thing.calls == 1 || thing.calls == 2);
  }
}

/// A mutex of one word, as programs build them: 0 free, 1 taken, 2 taken and waited for.
class WordMutex {
 public:
  void lock() {
    std::uint32_t seen = 0;
    if (word_.compare_exchange_strong(seen, 1, std::memory_order_acquire)) return;
    while (word_.exchange(2, std::memory_order_acquire) != 0) {
      static_cast<void>(futex::wait(word_, 2, Deadline::never(), Interruptions::kNone));
    }
  }
  void unlock() {
    if (word_.exchange(0, std::memory_order_release) == 2) futex::wake(word_);
  }

 private:
  futex::Word word_ = 0;
};

VM_TEST(SyncManyCpus, no_wake_up_of_a_futex_is_lost) {
  WordMutex mutex;
  Room room;
  host::Crew{kThreads, [&](std::size_t) {
               for (unsigned i = 0; i < kTurns; ++i) {
                 mutex.lock();
                 room.visit(i % 4 == 0);
                 mutex.unlock();
               }
             }};
  VM_EXPECT_EQ(room.left, kThreads * kTurns);
}

}  // namespace sync_many_cpus_test
