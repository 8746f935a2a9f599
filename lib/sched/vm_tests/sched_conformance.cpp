// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <array>
#include <atoll/sched.hpp>
#include <atoll/vm_test.hpp>
#include <atomic>
#include <cstdint>

// What every scheduler owes, on a real CPU. Waits here end by other threads;
// those that interrupts end are tested with deadlines (lib/deadline).
namespace sched_vm_test {

using namespace atl;

/// What follows needs a second thread.
#define NEEDS_THREADS() \
  if constexpr (sched::Provider::kOneThread) VM_SKIP("this scheduler has one thread")

struct Shared {
  WaitQueue queue;
  int ready = 0;
  int done = 0;
};

using Count = std::atomic<int>;
void increment(void* argument) { ++*static_cast<Count*>(argument); }

/// Lets others run until `count` has come to `wanted`, or for long.
void yield_until(const Count& count, int wanted) {
  for (int i = 0; i < 10'000'000 && count < wanted; ++i) sched::yield();
}

VM_TEST(Sched, main_is_the_current_thread) {
  VM_EXPECT(sched::current().is_main());
  VM_EXPECT_EQ(sched::current().name(), "main");
  VM_EXPECT(sched::may_wait());
}

VM_TEST(Sched, one_thread_scheduler_refuses_create) {
  if constexpr (!sched::Provider::kOneThread) VM_SKIP("this scheduler has many threads");
  VM_EXPECT_EQ(sched::create({}, increment, nullptr).error(), Errc::kNotSupported);
}

VM_TEST(Sched, threads_run_and_are_joined) {
  NEEDS_THREADS();
  Count count = 0;
  for (int i = 0; i < 50; ++i) {
    const Result<Thread*> thread = sched::create({.stack_bytes = 8192}, increment, &count);
    VM_ASSERT(thread.ok());
    VM_ASSERT(sched::join(*thread.value()).ok());
  }
  VM_EXPECT_EQ(count.load(), 50);
}

VM_TEST(Sched, detached_threads_come_and_go) {
  NEEDS_THREADS();
  Count count = 0;
  for (int i = 0; i < 50; ++i) {
    VM_ASSERT(sched::create({.stack_bytes = 8192, .detached = true}, increment, &count).ok());
    sched::yield();
  }
  yield_until(count, 50);
  VM_EXPECT_EQ(count.load(), 50);
}

VM_TEST(Sched, a_lent_stack_is_used_and_stays_the_callers) {
  NEEDS_THREADS();
  alignas(16) static std::array<std::byte, 16384> stack;
  for (int i = 0; i < 3; ++i) {
    stack.fill(std::byte{});
    std::uintptr_t local = 0;
    const Result<Thread*> thread = sched::create(
        {.stack_bytes = stack.size(), .stack = stack.data()},
        [](void* out) {
          *static_cast<std::uintptr_t*>(out) =
              reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
        },
        &local);
    VM_ASSERT(thread.ok());
    VM_ASSERT(sched::join(*thread.value()).ok());
    VM_EXPECT_LT(local - reinterpret_cast<std::uintptr_t>(stack.data()), stack.size());
  }
  stack.fill(std::byte{1});
}

// More stacks than the test machine has memory for, one after the other.
VM_TEST(Sched, memory_of_ended_threads_comes_back) {
  NEEDS_THREADS();
  Count count = 0;
  for (int i = 0; i < 300; ++i) {
    const bool detached = i % 2 == 0;
    const Result<Thread*> thread =
        sched::create({.stack_bytes = 1280 * 1024, .detached = detached}, increment, &count);
    VM_ASSERT(thread.ok());
    if (!detached) VM_ASSERT(sched::join(*thread.value()).ok());
    sched::yield();
  }
  yield_until(count, 300);
  VM_EXPECT_EQ(count.load(), 300);
}

VM_TEST(Sched, each_thread_keeps_its_own_stack_and_registers) {
  NEEDS_THREADS();
  struct Work {
    std::uint64_t seed;
    std::uint64_t result = 0;
    static std::uint64_t mix(std::uint64_t value) {
      return (value ^ (value >> 29)) * 0xbf58476d1ce4e5b9;
    }
    static void run(void* argument) {
      auto& work = *static_cast<Work*>(argument);
      volatile std::uint64_t kept[32];
      for (unsigned i = 0; i < 32; ++i) kept[i] = mix(work.seed + i);
      std::uint64_t sum = work.seed;
      for (unsigned turn = 0; turn < 64; ++turn) {
        sched::yield();
        sum = mix(sum + kept[turn % 32]);
      }
      work.result = sum;
    }
    std::uint64_t expected() const {
      std::uint64_t sum = seed;
      for (unsigned turn = 0; turn < 64; ++turn) sum = mix(sum + mix(seed + turn % 32));
      return sum;
    }
  };
  Work works[4] = {{.seed = 1}, {.seed = 2}, {.seed = 3}, {.seed = 4}};
  Thread* threads[4] = {};
  for (unsigned i = 0; i < 4; ++i) {
    const Result<Thread*> thread = sched::create({.stack_bytes = 8192}, Work::run, &works[i]);
    VM_ASSERT(thread.ok());
    threads[i] = thread.value();
  }
  for (Thread* thread : threads) VM_EXPECT(sched::join(*thread).ok());
  for (const Work& work : works) VM_EXPECT_EQ(work.result, work.expected());
}

VM_TEST(Sched, threads_wake_each_other) {
  NEEDS_THREADS();
  Shared shared;
  const auto waits = [](void* argument) {
    auto& mine = *static_cast<Shared*>(argument);
    WaitQueue::Guard guard{mine.queue};
    while (mine.ready == 0) static_cast<void>(mine.queue.wait(guard));
    --mine.ready;
    ++mine.done;
  };
  Thread* threads[3] = {};
  for (Thread*& slot : threads) {
    const Result<Thread*> thread = sched::create({.stack_bytes = 8192}, waits, &shared);
    VM_ASSERT(thread.ok());
    slot = thread.value();
  }
  for (int i = 0; i < 3; ++i) {
    sched::yield();
    WaitQueue::Guard guard{shared.queue};
    ++shared.ready;
    shared.queue.wake_one(guard);
  }
  for (Thread* thread : threads) VM_EXPECT(sched::join(*thread).ok());
  VM_EXPECT_EQ(shared.done, 3);
}

VM_TEST(Sched, interruption_breaks_the_next_wait) {
  sched::interrupt(sched::current(), Interruptions::kSignal);
  VM_EXPECT_EQ(sched::sleep_until(Deadline::never()).error(), Errc::kInterrupted);
  VM_EXPECT_EQ(sched::take_interruptions(), Interruptions::kSignal);
  VM_EXPECT_EQ(sched::take_interruptions(), Interruptions::kNone);
}

VM_TEST(Sched, interruptions_are_taken_one_by_one) {
  sched::interrupt(sched::current(), Interruptions::kSignal | Interruptions::kStop);
  VM_EXPECT_EQ(sched::take_interruptions(Interruptions::kSignal), Interruptions::kSignal);
  VM_EXPECT_EQ(sched::pending_interruptions(), Interruptions::kStop);
  VM_EXPECT_EQ(sched::take_interruptions(), Interruptions::kStop);
}

VM_TEST(Sched, joining_oneself_is_a_deadlock) {
  VM_EXPECT_EQ(sched::join(sched::current()).error(), Errc::kDeadlock);
}

VM_TEST(Sched, no_memory_for_a_stack_is_an_error) {
  NEEDS_THREADS();
  VM_EXPECT_EQ(sched::create({.stack_bytes = std::size_t{1} << 32}, increment, nullptr).error(),
               Errc::kNoMemory);
}

}  // namespace sched_vm_test
