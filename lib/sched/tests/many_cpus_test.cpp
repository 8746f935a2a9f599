// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <array>
#include <atoll/clock.hpp>
#include <atoll/deadline.hpp>
#include <atoll/host/crew.hpp>
#include <atoll/interrupt_mask.hpp>
#include <atoll/sched.hpp>
#include <atoll/smp.hpp>
#include <atomic>
#include <bit>

/// What a scheduler orders between CPUs: everything here that is not atomic is so that a
/// missing order shows.
namespace sched_many_cpus_order_test {

using namespace atl;

constexpr std::size_t kThreads = 8;

void nap(unsigned microseconds) {
  static_cast<void>(sched::sleep_until(deadline::after(Nanoseconds{microseconds * 1000})));
}

VM_TEST(SchedOrder, a_thread_sees_what_its_creator_did_and_its_joiner_what_it_did) {
  struct Sum {
    std::array<std::uint64_t, 16> in{};
    std::uint64_t out = 0;
    static void run(void* argument) {
      auto& self = *static_cast<Sum*>(argument);
      for (const std::uint64_t one : self.in) self.out += one;
    }
  };
  host::Crew{kThreads, [](std::size_t member) {
               for (unsigned i = 0; i < 30; ++i) {
                 Sum sum;
                 sum.in.fill(member + i);
                 const Result<Thread*> thread = sched::create({}, Sum::run, &sum);
                 VM_ASSERT(thread.ok());
                 VM_EXPECT(sched::join(*thread.value()).ok());
                 VM_EXPECT_EQ(sum.out, 16 * (member + i));
               }
             }};
}

// Its stack and registers go with it: what it left on one CPU it finds on the next.
VM_TEST(SchedOrder, a_thread_keeps_what_it_has_wherever_it_goes_on) {
  host::Crew{3 * kThreads, [](std::size_t member) {
               std::array<std::size_t, 64> own{};
               for (unsigned i = 0; i < 60; ++i) {
                 for (std::size_t& one : own) one += member;
                 i % 3 == 0 ? nap(15) : sched::yield();
                 for (const std::size_t one : own) VM_EXPECT_EQ(one, (i + 1) * member);
               }
             }};
}

VM_TEST(SchedOrder, detached_threads_end_by_themselves) {
  struct Shared {
    WaitQueue queue;
    unsigned ended = 0;  // under queue
    static void run(void* argument) {
      auto& self = *static_cast<Shared*>(argument);
      WaitQueue::Guard guard{self.queue};
      ++self.ended;
      self.queue.wake_all(guard);
    }
  };
  static Shared shared;  // they leave its lock after the last has been counted
  constexpr unsigned kEach = 40;
  host::Crew crew{kThreads, [](std::size_t member) {
                    for (unsigned i = 0; i < kEach; ++i) {
                      const bool late = (i + member) % 2 == 0;
                      const auto thread = sched::create({.detached = !late}, Shared::run, &shared);
                      VM_ASSERT(thread.ok());
                      if (late) VM_EXPECT(sched::detach(*thread.value()).ok());
                    }
                  }};
  crew.join();
  WaitQueue::Guard guard{shared.queue};
  while (shared.ended < kThreads * kEach) VM_EXPECT(shared.queue.wait(guard).ok());
}

VM_TEST(SchedOrder, joiners_that_give_up_try_again) {
  host::Crew{kThreads, [](std::size_t member) {
               for (unsigned i = 0; i < 20; ++i) {
                 std::uint64_t done = 0;
                 struct Slow {
                   std::uint64_t& done;
                   unsigned microseconds;
                   static void run(void* argument) {
                     const auto& self = *static_cast<Slow*>(argument);
                     nap(self.microseconds);
                     self.done = 1;
                   }
                 } slow{done, static_cast<unsigned>(20 + (i + member) % 7 * 10)};
                 Thread& thread = *sched::create({}, Slow::run, &slow).value();
                 while (!sched::join(thread, deadline::after(15_us)).ok()) {
                 }
                 VM_EXPECT_EQ(done, 1u);
               }
             }};
}

VM_TEST(SchedOrder, what_a_wait_queue_guards_is_plain_data) {
  struct Place {
    WaitQueue queue;
    std::uint64_t tokens = 0;
    std::uint64_t given = 0;
    std::uint64_t taken = 0;
  } place;
  host::Crew crew{2 * kThreads, [&](std::size_t member) {
                    for (unsigned i = 0; i < 100; ++i) {
                      WaitQueue::Guard guard{place.queue};
                      if (member % 2 == 0) {
                        ++place.tokens;
                        ++place.given;
                        i % 4 == 0 ? static_cast<void>(place.queue.wake_all(guard))
                                   : static_cast<void>(place.queue.wake_one(guard));
                        continue;
                      }
                      while (place.tokens == 0) {
                        static_cast<void>(place.queue.wait(
                            guard, i % 5 == 0 ? deadline::after(20_us) : Deadline::never()));
                      }
                      --place.tokens;
                      ++place.taken;
                    }
                  }};
  crew.join();
  VM_EXPECT_EQ(place.given, kThreads * 100);
  VM_EXPECT_EQ(place.taken, kThreads * 100);
  VM_EXPECT_EQ(place.tokens, 0u);
}

// Interruption, deadline and wake-up meet; whichever ends the wait is the one it says.
VM_TEST(SchedOrder, one_of_three_ends_a_wait) {
  struct Shared {
    WaitQueue queue;
    std::uint64_t woken = 0;    // by queue.wake_one(), as the wakers count
    std::uint64_t said_ok = 0;  // as the waiters do
    bool stop = false;
  } shared;
  std::atomic<std::size_t> waiting = kThreads;
  host::Crew waiters{kThreads, [&](std::size_t member) {
                       unsigned i = 0;
                       WaitQueue::Guard guard{shared.queue};
                       while (!shared.stop) {
                         const Nanoseconds patience{(member * 11 + ++i) % 40 * 1'000};
                         const auto result = shared.queue.wait(guard, deadline::after(patience));
                         if (result.ok()) ++shared.said_ok;
                         if (result.error() == Errc::kInterrupted) sched::take_interruptions();
                       }
                       waiting.fetch_sub(1, std::memory_order_relaxed);
                     }};
  host::Crew wakers{2, [&](std::size_t) {
                      for (unsigned i = 0; i < 300; ++i) {
                        {
                          WaitQueue::Guard guard{shared.queue};
                          if (shared.queue.wake_one(guard) != nullptr) ++shared.woken;
                        }
                        i % 4 == 0 ? nap(10) : sched::yield();
                      }
                    }};
  for (unsigned i = 0; i < 300; ++i) {
    sched::interrupt(waiters[i % kThreads], Interruptions::kSignal);
    if (i % 4 == 0) nap(10);
  }
  wakers.join();
  {
    WaitQueue::Guard guard{shared.queue};
    shared.stop = true;
    shared.woken += shared.queue.wake_all(guard);
  }
  waiters.join();
  VM_EXPECT_EQ(shared.woken, shared.said_ok);
  VM_EXPECT_EQ(waiting.load(), 0u);
}

VM_TEST(SchedOrder, threads_are_visited_while_others_come_and_go) {
  std::atomic<bool> stop = false;
  host::Crew visitors{2, [&](std::size_t) {
                        while (!stop.load(std::memory_order_relaxed)) {
                          std::size_t seen = 0;
                          sched::for_each(
                              [](Thread& thread, void* count) {
                                if (thread.id() != 0) ++*static_cast<std::size_t*>(count);
                              },
                              &seen);
                          VM_EXPECT_GE(seen, 2u);
                          sched::yield();
                        }
                      }};
  host::Crew comers{kThreads, [](std::size_t) {
                      for (unsigned i = 0; i < 25; ++i) {
                        Thread& thread = *sched::create(
                                              {}, [](void*) {}, nullptr)
                                              .value();
                        VM_EXPECT(sched::join(thread).ok());
                      }
                    }};
  comers.join();
  stop.store(true, std::memory_order_relaxed);
}

VM_TEST(SchedOrder, a_thread_stays_on_the_cpus_of_its_affinity) {
  for (CpuMask left = smp::running(); left != 0; left &= left - 1) {
    const auto only = static_cast<std::uint32_t>(std::countr_zero(left));
    host::Crew{kThreads,
               [&](std::size_t) {
                 for (unsigned i = 0; i < 30; ++i) {
                   {
                     const InterruptMask stays;
                     VM_EXPECT_EQ(arch::Cpu::cpu_local().index, only);
                   }
                   i % 3 == 0 ? nap(10) : sched::yield();
                 }
               },
               {.affinity = CpuMask{1} << only}};
  }
}

VM_TEST(SchedOrder, affinities_change_while_threads_run) {
  constexpr unsigned kTurns = 80;
  const CpuMask all = sched::usable_cpus();
  const auto some = [&](unsigned seed) {
    const CpuMask chosen = all & (CpuMask{seed} * 0x9e3779b9U >> 7);
    return chosen != 0 ? chosen : all;
  };
  host::Crew crew{kThreads, [&](std::size_t own) {
                    for (unsigned i = 0; i < kTurns; ++i) {
                      const CpuMask wanted = some(static_cast<unsigned>(own) + 7 * i);
                      VM_EXPECT(sched::set_affinity(sched::current(), wanted).ok());
                      i % 5 == 0 ? nap(10) : sched::yield();
                    }
                  }};
  for (unsigned i = 0; i < kTurns; ++i) {
    VM_EXPECT(sched::set_affinity(crew[i % kThreads], some(i)).ok());
    nap(10);
  }
}

VM_TEST(SchedOrder, a_thread_is_where_it_asked_to_be) {
  host::Crew crew{kThreads, [&](std::size_t) {
                    for (unsigned i = 0; i < 20; ++i) {
                      for (CpuMask left = sched::usable_cpus(); left != 0; left &= left - 1) {
                        const auto only = static_cast<std::uint32_t>(std::countr_zero(left));
                        VM_EXPECT(sched::set_affinity(sched::current(), CpuMask{1} << only).ok());
                        const InterruptMask stays;
                        VM_EXPECT_EQ(arch::Cpu::cpu_local().index, only);
                      }
                      nap(10);
                    }
                  }};
}

VM_TEST(SchedOrder, priorities_change_while_threads_run) {
  constexpr unsigned kTurns = 80;
  host::Crew crew{
      kThreads, [&](std::size_t) {
        for (unsigned i = 0; i < kTurns; ++i) {
          VM_EXPECT(sched::set_scheduling(sched::current(),
                                          {.priority = static_cast<std::uint8_t>(8 + i % 16)})
                        .ok());
          i % 5 == 0 ? nap(10) : sched::yield();
        }
      }};
  for (unsigned i = 0; i < kTurns; ++i) {
    Thread& thread = crew[i % kThreads];
    VM_EXPECT(
        sched::set_scheduling(thread, {.priority = static_cast<std::uint8_t>(10 + i % 8)}).ok());
    static_cast<void>(sched::scheduling(thread));
    nap(10);
  }
}

}  // namespace sched_many_cpus_order_test
