// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <array>
#include <atoll/clock.hpp>
#include <atoll/deadline.hpp>
#include <atoll/host/crew.hpp>
#include <atoll/sync.hpp>

/// Timers that other CPUs cancel.
namespace deadline_many_cpus_test {

using namespace atl;

constexpr std::size_t kThreads = 6;

/// Counts its callbacks in plain data, and arms itself again where `again` is set.
struct Counting : Timer {
  Counting() : Timer(fire) {}
  static void fire(Timer& timer) {
    auto& self = static_cast<Counting&>(timer);
    ++self.fired;
    if (self.again) static_cast<void>(deadline::arm(self, clock::now() + 10_us));
  }
  unsigned fired = 0;
  bool again = false;
};

// What the callback has written is there after cancel(), and nothing of it comes later.
VM_TEST(DeadlineManyCpus, after_cancel_the_callback_has_run_or_never_will) {
  host::Crew{kThreads, [&](std::size_t member) {
               Counting timer;
               for (unsigned i = 0; i < 150; ++i) {
                 static_cast<void>(deadline::arm(timer, clock::now() + 15_us));
                 // On another CPU than the one that armed it, now and then.
                 if ((i + member) % 3 == 0) sched::yield();
                 if ((i + member) % 5 == 0) {
                   static_cast<void>(sched::sleep_until(deadline::after(10_us)));
                 }
                 deadline::cancel(timer);
                 const unsigned before = timer.fired;
                 sched::yield();
                 VM_EXPECT_EQ(timer.fired, before);
               }
             }};
}

// One CPU arms them, a thread on any other cancels them, at about the moment.
VM_TEST(DeadlineManyCpus, others_cancel_what_one_has_armed) {
  struct Slot {
    Mutex mutex;
    Counting timer;
    bool armed = false;  // so far as the threads know
  };
  std::array<Slot, 4> slots;
  host::Crew crew{kThreads, [&](std::size_t member) {
                    for (unsigned i = 0; i < 150; ++i) {
                      Slot& slot = slots[(i + member) % slots.size()];
                      Guard guard{slot.mutex};
                      if (slot.armed) {
                        deadline::cancel(slot.timer);
                        VM_EXPECT_LE(slot.timer.fired, 1u);
                        slot.timer.fired = 0;
                        slot.armed = false;
                      } else {
                        slot.armed = deadline::arm(
                            slot.timer, clock::now() + Nanoseconds{(i * 13 + member) % 60 * 1000});
                      }
                    }
                  }};
  crew.join();
  for (Slot& slot : slots) deadline::cancel(slot.timer);
}

VM_TEST(DeadlineManyCpus, one_that_arms_itself_again_is_cancelled_for_good) {
  for (unsigned i = 0; i < 60; ++i) {
    Counting timer;
    timer.again = true;
    host::Crew armed{1, [&](std::size_t) {
                       while (!deadline::arm(timer, clock::now() + 10_us)) {
                       }
                     }};
    armed.join();
    static_cast<void>(sched::sleep_until(deadline::after(Nanoseconds{i * 3'000})));
    deadline::cancel(timer);
    const unsigned fired = timer.fired;
    static_cast<void>(sched::sleep_until(deadline::after(30_us)));
    VM_EXPECT_EQ(timer.fired, fired);
  }
}

VM_TEST(DeadlineManyCpus, may_be_freed_once_it_has_been_cancelled) {
  host::Crew{kThreads, [&](std::size_t member) {
               for (unsigned i = 0; i < 100; ++i) {
                 auto timer = std::make_unique<Counting>();
                 static_cast<void>(
                     deadline::arm(*timer, clock::now() + Nanoseconds{(i + member) % 20 * 2'000}));
                 if (i % 2 == 0) sched::yield();
                 deadline::cancel(*timer);
               }
             }};
}

}  // namespace deadline_many_cpus_test
