// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/clock.hpp>
#include <atoll/host/cpus.hpp>
#include <atoll/host/crew.hpp>
#include <atoll/sched.hpp>
#include <atoll/smp.hpp>
#include <atomic>
#include <optional>
#include <utility>

/// A thread becomes ready while a CPU begins to idle. One that keeps its own CPU waits for
/// that thread here: if the other CPU does not come to it, nobody does.
namespace sched_many_cpus_idle_test {

using namespace atl;

constexpr CpuMask kFirst = 1;
constexpr CpuMask kSecond = 2;
constexpr unsigned kTurns = 300;

#define NEEDS_CPUS() \
  if ((smp::running() & kSecond) == 0) VM_SKIP("this machine has one CPU")

// Atomic, and of no order: what is tested is not data.
using Flag = std::atomic<bool>;
void raise(Flag& flag) { flag.store(true, std::memory_order_relaxed); }
bool is_raised(const Flag& flag) { return flag.load(std::memory_order_relaxed); }

// A host may stop this program for seconds, and no CPU looks again by itself.
bool spin_until(const Flag& flag) {
  const Nanoseconds limit = clock::now() + 20_s;
  while (!is_raised(flag)) {
    if (clock::now() > limit) return is_raised(flag);  // it may have stood still in between
    arch::Cpu::relax();
  }
  return true;
}

void pause(unsigned turns) {
  for (unsigned i = 0; i < turns; ++i) arch::Cpu::relax();
}

VM_TEST(SchedIdle, who_begins_to_idle_sees_what_becomes_ready) {
  NEEDS_CPUS();
  const host::Stumbling often;
  bool all = true;
  for (unsigned i = 0; i < kTurns && all; ++i) {
    Flag running = false;
    Flag ends = false;
    Flag ran = false;
    // On the second CPU, which idles when it ends.
    host::Crew other{1,
                     [&](std::size_t) {
                       raise(running);
                       static_cast<void>(spin_until(ends));
                     },
                     {.affinity = kSecond}};
    // It keeps the first, so that the new one has the second alone.
    host::Crew creator{1,
                       [&](std::size_t) {
                         std::optional<sched::PreemptGuard> keeps_cpu{std::in_place};
                         raise(ends);
                         pause(i % 7);
                         const auto thread = sched::create(
                             {.affinity = kFirst | kSecond},
                             [](void* flag) { raise(*static_cast<Flag*>(flag)); }, &ran);
                         VM_ASSERT(thread.ok());
                         all = spin_until(ran);
                         keeps_cpu.reset();
                         VM_EXPECT(sched::join(*thread.value()).ok());
                       },
                       {.affinity = kFirst}};
    creator.join();
  }
  VM_EXPECT(all);
}

// One that is woken while its CPU is leaving it can be put into that CPU's queue only, and
// taken by no other before it has been left.
VM_TEST(SchedIdle, who_is_woken_on_the_way_out_is_not_left_behind) {
  NEEDS_CPUS();
  struct Shared {
    WaitQueue queue;
    bool open = false;  // under queue
    Flag second_taken = false;
    Flag waits = false;
    Flag passed = false;
    bool in_time = false;

    // Takes the first CPU when the waiter leaves it, and keeps it.
    static void next(void* argument) {
      auto& self = *static_cast<Shared*>(argument);
      const sched::PreemptGuard keeps_cpu;
      self.in_time = spin_until(self.passed);
    }
  };
  const host::Stumbling often;
  bool all = true;
  for (unsigned i = 0; i < kTurns && all; ++i) {
    Shared shared;
    host::Crew waker{1,
                     [&](std::size_t) {
                       const sched::PreemptGuard keeps_cpu;
                       raise(shared.second_taken);
                       static_cast<void>(spin_until(shared.waits));
                       pause(i % 11);
                       WaitQueue::Guard guard{shared.queue};
                       shared.open = true;
                       shared.queue.wake_all(guard);
                     },
                     {.affinity = kSecond}};
    while (!is_raised(shared.second_taken)) sched::yield();
    host::Crew waiter{1,
                      [&](std::size_t) {
                        std::optional<sched::PreemptGuard> keeps_cpu{std::in_place};
                        const auto next =
                            sched::create({.affinity = kFirst}, Shared::next, &shared);
                        VM_ASSERT(next.ok());
                        {
                          WaitQueue::Guard guard{shared.queue};
                          keeps_cpu.reset();  // with interrupts masked, so that it still does
                          raise(shared.waits);
                          while (!shared.open) VM_EXPECT(shared.queue.wait(guard).ok());
                        }
                        raise(shared.passed);
                        VM_EXPECT(sched::join(*next.value()).ok());
                      },
                      {.affinity = kFirst | kSecond}};
    waiter.join();
    all = shared.in_time;
  }
  VM_EXPECT(all);
}

}  // namespace sched_many_cpus_idle_test
