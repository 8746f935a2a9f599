// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <array>
#include <atoll/clock.hpp>
#include <atoll/deadline.hpp>
#include <atoll/sched.hpp>
#include <atoll/smp.hpp>
#include <atoll/vm_test.hpp>
#include <atomic>
#include <bit>
#include <span>

/// Threads on several CPUs at the same time.
namespace sched_many_cpus_test {

using namespace atl;

constexpr std::size_t kStack = 32 * 1024;

unsigned cpu_count() { return static_cast<unsigned>(std::popcount(smp::running())); }

#define NEEDS_CPUS() \
  if (cpu_count() < 2) VM_SKIP("this machine has one CPU")

std::uint32_t cpu_here() {
  const InterruptMask stays;
  return arch::Cpu::cpu_local().index;
}

template <typename Condition>
bool spin_until(Condition done) {
  const Nanoseconds limit = clock::now() + 20_s;
  while (!done()) {
    if (clock::now() > limit) return done();  // it may have stood still in between
    arch::Cpu::relax();
  }
  return true;
}

Thread* start(sched::Entry entry, void* argument, CpuMask affinity = kEveryCpu,
              std::uint8_t priority = sched::ThreadOptions::kDefaultPriority) {
  return sched::create({.stack_bytes = kStack, .priority = priority, .affinity = affinity}, entry,
                       argument)
      .value();
}

// None waits or yields: each needs a CPU of its own to meet the others.
VM_TEST(SchedManyCpus, as_many_threads_as_cpus_run_at_the_same_time) {
  NEEDS_CPUS();
  static std::atomic<unsigned> met;
  met = 1;
  const auto meets = [](void*) {
    ++met;
    VM_EXPECT(spin_until([] { return met >= cpu_count(); }));
  };
  std::array<Thread*, kMaxCpus> threads{};
  const unsigned others = cpu_count() - 1;
  for (unsigned i = 0; i < others; ++i) threads[i] = start(meets, nullptr);
  VM_EXPECT(spin_until([] { return met >= cpu_count(); }));
  for (unsigned i = 0; i < others; ++i) VM_EXPECT(sched::join(*threads[i]).ok());
}

VM_TEST(SchedManyCpus, a_thread_stays_where_its_affinity_says) {
  for (CpuMask left = smp::running(); left != 0; left &= left - 1) {
    const auto cpu = static_cast<std::uint32_t>(std::countr_zero(left));
    std::atomic<unsigned> elsewhere = 0;
    struct Work {
      std::uint32_t cpu;
      std::atomic<unsigned>& elsewhere;
    } work{cpu, elsewhere};
    const auto looks = [](void* argument) {
      auto& mine = *static_cast<Work*>(argument);
      for (unsigned i = 0; i < 50; ++i) {
        if (cpu_here() != mine.cpu) ++mine.elsewhere;
        sched::yield();
        static_cast<void>(sched::sleep_until(deadline::after(Nanoseconds{20'000})));
      }
    };
    std::array<Thread*, 3> threads{};
    for (Thread*& thread : threads) thread = start(looks, &work, CpuMask{1} << cpu);
    for (Thread* const thread : threads) VM_EXPECT(sched::join(*thread).ok());
    VM_EXPECT_EQ(elsewhere.load(), 0u);
  }
}

VM_TEST(SchedManyCpus, a_thread_goes_where_its_new_affinity_says) {
  NEEDS_CPUS();
  Thread& self = sched::current();
  const CpuMask before = self.affinity();
  for (unsigned i = 0; i < 20; ++i) {
    for (CpuMask left = smp::running(); left != 0; left &= left - 1) {
      const auto cpu = static_cast<std::uint32_t>(std::countr_zero(left));
      VM_ASSERT(sched::set_affinity(self, CpuMask{1} << cpu).ok());
      VM_EXPECT_EQ(cpu_here(), cpu);
    }
  }
  VM_ASSERT(sched::set_affinity(self, before).ok());
}

// It computes, and asks for nothing.
VM_TEST(SchedManyCpus, a_running_thread_is_moved_by_another) {
  NEEDS_CPUS();
  static std::atomic<std::uint32_t> seen;
  static std::atomic<bool> stop;
  stop = false;
  Thread* const thread = start(
      [](void*) {
        while (!stop) seen = cpu_here();
      },
      nullptr);
  for (unsigned i = 0; i < 20; ++i) {
    for (CpuMask left = smp::running() & ~kBootCpu; left != 0; left &= left - 1) {
      const auto cpu = static_cast<std::uint32_t>(std::countr_zero(left));
      VM_EXPECT(sched::set_affinity(*thread, CpuMask{1} << cpu).ok());
      VM_EXPECT(spin_until([&] { return seen == cpu; }));
    }
  }
  stop = true;
  VM_EXPECT(sched::join(*thread).ok());
}

// It waits in the queue of a CPU that a more important thread does not leave.
VM_TEST(SchedManyCpus, a_ready_thread_is_moved_by_another) {
  NEEDS_CPUS();
  static std::atomic<bool> stop, ran;
  stop = false;
  ran = false;
  constexpr CpuMask kSecond = 2;
  Thread* const busy = start(
      [](void*) {
        while (!stop) arch::Cpu::relax();
      },
      nullptr, kSecond, sched::ThreadOptions::kDefaultPriority + 1);
  VM_EXPECT(spin_until([&] { return busy->state() == sched::State::kRunning; }));
  Thread* const thread = start([](void*) { ran = true; }, nullptr, kSecond);
  VM_EXPECT(!ran);
  VM_EXPECT(sched::set_affinity(*thread, kBootCpu).ok());
  VM_EXPECT(sched::join(*thread).ok());
  VM_EXPECT(ran.load());
  stop = true;
  VM_EXPECT(sched::join(*busy).ok());
}

VM_TEST(SchedManyCpus, a_cpu_that_does_not_run_is_no_affinity) {
  const CpuMask absent = ~smp::running();
  const auto nothing = [](void*) {};
  VM_EXPECT_EQ(sched::create({.affinity = absent}, nothing, nullptr).error(),
               Errc::kInvalidArgument);
  VM_EXPECT_EQ(sched::set_affinity(sched::current(), absent).error(), Errc::kInvalidArgument);
}

// Ready threads go where there is room: of those that only compute, all that fit run.
VM_TEST(SchedManyCpus, no_cpu_idles_while_a_thread_is_ready) {
  NEEDS_CPUS();
  static std::atomic<CpuMask> seen;
  static std::atomic<bool> stop;
  seen = 0;
  stop = false;
  const auto computes = [](void*) {
    while (!stop) {
      seen.fetch_or(CpuMask{1} << cpu_here());
      arch::Cpu::relax();
    }
  };
  // All on the first CPU's queue, from where the others have to take them.
  const auto creates = [](void* function) {
    std::array<Thread*, 2 * kMaxCpus> room{};
    const std::span threads{room.data(), 2 * std::size_t{cpu_count()}};
    {
      const sched::PreemptGuard keeps_cpu;
      for (Thread*& thread : threads) {
        thread = start(reinterpret_cast<sched::Entry>(function), nullptr);
      }
    }
    spin_until([] { return seen == smp::running(); });
    VM_EXPECT_EQ(seen.load(), smp::running());
    stop = true;
    for (Thread* const thread : threads) VM_EXPECT(sched::join(*thread).ok());
  };
  Thread* const creator =
      start(creates, reinterpret_cast<void*>(static_cast<sched::Entry>(computes)), 1);
  VM_EXPECT(sched::join(*creator).ok());
}

// The two meet at every distance between one's going to sleep and the other's wake-up.
VM_TEST(SchedManyCpus, no_wake_up_is_lost_between_two_cpus) {
  NEEDS_CPUS();
  constexpr unsigned kTurns = 400;
  struct Game {
    WaitQueue queue;
    unsigned turn = 0;  // under queue; even: the first one's
  };
  static Game game;
  game.turn = 0;
  const auto plays = [](void* parity) {
    const auto mine = reinterpret_cast<std::uintptr_t>(parity);
    for (unsigned i = 0; i < kTurns; ++i) {
      WaitQueue::Guard guard{game.queue};
      while (game.turn % 2 != mine) {
        VM_EXPECT(game.queue.wait(guard, deadline::after(20_s)).ok());
      }
      ++game.turn;
      game.queue.wake_all(guard);
    }
  };
  Thread* const first = start(plays, reinterpret_cast<void*>(0), 1);
  Thread* const second = start(plays, reinterpret_cast<void*>(1), ~CpuMask{1});
  VM_EXPECT(sched::join(*first).ok());
  VM_EXPECT(sched::join(*second).ok());
  VM_EXPECT_EQ(game.turn, 2 * kTurns);
}

VM_TEST(SchedManyCpus, a_more_important_thread_takes_the_cpu_of_the_least_important) {
  NEEDS_CPUS();
  constexpr std::uint8_t kNormal = sched::ThreadOptions::kDefaultPriority;
  static std::atomic<bool> stop;
  static std::atomic<unsigned> running;
  stop = false;
  running = 0;
  const auto computes = [](void*) {
    ++running;
    while (!stop) arch::Cpu::relax();
  };
  // Every CPU but this one has a thread of lower priority, the last one of a lower still.
  std::array<Thread*, kMaxCpus> threads{};
  const unsigned others = cpu_count() - 1;
  for (unsigned i = 0; i < others; ++i) {
    threads[i] = start(computes, nullptr, kEveryCpu,
                       static_cast<std::uint8_t>(i + 1 < others ? kNormal - 1 : kNormal - 2));
    VM_EXPECT(spin_until([i] { return running == i + 1; }));
  }
  std::atomic<bool> ran = false;
  Thread* const urgent = start([](void* flag) { *static_cast<std::atomic<bool>*>(flag) = true; },
                               &ran, kEveryCpu, kNormal);
  VM_EXPECT(spin_until([&] { return ran.load(); }));
  stop = true;
  VM_EXPECT(sched::join(*urgent).ok());
  for (unsigned i = 0; i < others; ++i) VM_EXPECT(sched::join(*threads[i]).ok());
}

}  // namespace sched_many_cpus_test
