// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "sched_fixture.hpp"

#include <array>
#include <memory>
#include <random>
#include <vector>

// Everything at once, from a fixed seed: threads that come and go, wait with and
// without deadlines, wake and interrupt each other, and handlers that break in
// anywhere. What must hold at the end: everyone woken, joined and freed.
namespace atl {
namespace {

class SchedStress : public SchedTest {
 public:
  struct Place {
    WaitQueue queue;
    std::uint64_t tokens = 0;  // under queue
  };

  void give(Place& place) {
    WaitQueue::Guard guard{place.queue};
    ++place.tokens;
    ++given_;
    place.queue.wake_one(guard);
  }

  void take(Place& place, Deadline deadline) {
    WaitQueue::Guard guard{place.queue};
    while (place.tokens == 0) {
      const Result<void> result = place.queue.wait(guard, deadline);
      if (result.ok()) continue;
      if (place.tokens != 0) break;
      result.error() == Errc::kTimedOut ? ++timed_out_ : ++interrupted_;
      return;
    }
    --place.tokens;
    ++taken_;
  }

  Place& any_place() { return places_[random_() % places_.size()]; }

  void work(int steps) {
    for (int step = 0; step < steps; ++step) {
      switch (random_() % 5) {
        case 0:
          give(any_place());
          break;
        case 1:
        case 2:
          take(any_place(), deadline::after(Nanoseconds{random_() % 3000}));
          sched::take_interruptions();
          break;
        case 3:
          static_cast<void>(sched::sleep_until(deadline::after(Nanoseconds{random_() % 500})));
          sched::take_interruptions();
          break;
        default:
          sched::yield();
      }
    }
    ++finished_;
  }

  static void handler(void* self) {
    auto& test = *static_cast<SchedStress*>(self);
    test.give(test.any_place());
    if (test.random_() % 4 == 0) {
      sched::for_each(
          [](Thread& thread, void* context) {
            auto& stress = *static_cast<SchedStress*>(context);
            if (stress.random_() % 8 == 0) sched::interrupt(thread, Interruptions::kSignal);
          },
          &test);
    }
  }

  std::mt19937_64 random_{8128};
  std::array<Place, 4> places_;
  std::uint64_t given_ = 0;
  std::uint64_t taken_ = 0;
  std::uint64_t timed_out_ = 0;
  std::uint64_t interrupted_ = 0;
  int finished_ = 0;
};

TEST_F(SchedStress, nobody_is_left_behind) {
  std::function<void()> body = [this] { work(60); };
  std::vector<Thread*> joinable;
  constexpr int kRounds = 400;
  int started = 0;
  for (int round = 0; round < kRounds; ++round) {
    if (host::interrupt_point_reached()) {
      host::interrupt_at_point(random_() % 200, handler, this);
    }
    if (!sched::Provider::kOneThread) {
      const bool detached = random_() % 3 == 0;
      Thread& thread = spawn(body, {.detached = detached});
      ++started;
      if (!detached) joinable.push_back(&thread);
      if (joinable.size() > 10) {
        const std::size_t index = random_() % joinable.size();
        Thread& chosen = *joinable[index];
        joinable.erase(joinable.begin() + static_cast<std::ptrdiff_t>(index));
        while (!sched::join(chosen, deadline::after(Nanoseconds{random_() % 5000})).ok()) {
          sched::take_interruptions();
        }
      }
    }
    take(any_place(), deadline::after(Nanoseconds{random_() % 2000}));
    sched::take_interruptions();
  }
  for (Thread* thread : joinable) {
    while (!sched::join(*thread).ok()) sched::take_interruptions();
  }
  while (finished_ < started) {
    EXPECT_TRUE(sched::sleep_until(deadline::after(1_us), Interruptions::kNone).ok());
  }
  settle();
  while (!host::interrupt_point_reached()) {
    arch::Cpu::restore_interrupts(arch::Cpu::disable_interrupts());
  }

  std::uint64_t left = 0;
  for (Place& place : places_) {
    left += place.tokens;
    WaitQueue::Guard guard{place.queue};
    EXPECT_FALSE(place.queue.has_waiters(guard));
  }
  EXPECT_EQ(given_, taken_ + left);
  EXPECT_GT(timed_out_, 0u);
  if (!sched::Provider::kOneThread) {
    EXPECT_GT(taken_, 100u);
    EXPECT_GT(interrupted_, 0u);
  }
}

}  // namespace
}  // namespace atl
