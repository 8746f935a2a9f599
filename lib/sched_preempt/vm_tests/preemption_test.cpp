// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <array>
#include <atoll/clock.hpp>
#include <atoll/deadline.hpp>
#include <atoll/sched.hpp>
#include <atoll/vm_test.hpp>
#include <atomic>

/// Threads that lose the CPU without asking. Where one takes it from another, all are on
/// one CPU.
namespace sched_preempt_vm_test {

using namespace atl;

constexpr std::uint8_t kHigh = sched::ThreadOptions::kDefaultPriority + 1;
constexpr std::uint8_t kLow = sched::ThreadOptions::kDefaultPriority - 1;

/// Small, as the stack that SCHED_STACK_KIB asks for may be as large as all memory.
constexpr std::size_t kStack = 32 * 1024;

constexpr CpuMask kOneCpu = 1;

/// Calls `body` in a thread that stays on the CPU where those of Joined are.
void on_one_cpu(void (*body)()) {
  const Result<Thread*> thread = sched::create(
      {.affinity = kOneCpu}, [](void* function) { reinterpret_cast<void (*)()>(function)(); },
      reinterpret_cast<void*>(body));
  VM_ASSERT(thread.ok());
  VM_EXPECT(sched::join(*thread.value()).ok());
}

/// A thread that is joined at the end of the scope.
class Joined {
 public:
  Joined(std::uint8_t priority, sched::Entry entry, void* argument)
      : thread_(sched::create({.stack_bytes = kStack, .priority = priority, .affinity = kOneCpu},
                              entry, argument)
                    .value()) {}
  ~Joined() { VM_EXPECT(sched::join(*thread_).ok()); }
  Joined(const Joined&) = delete;
  Joined& operator=(const Joined&) = delete;

 private:
  Thread* thread_;
};

/// Computes, and never waits, until `done()` or for twenty seconds; whether it was in time.
template <typename Condition>
bool compute_until(Condition done) {
  const Nanoseconds limit = clock::now() + 20_s;
  while (!done()) {
    if (clock::now() > limit) return done();  // it may have stood still in between
  }
  return true;
}

void set(void* flag) { *static_cast<std::atomic<bool>*>(flag) = true; }

static void a_new_thread_of_higher_priority_runs_at_once() {
  std::atomic<bool> ran = false;
  Joined other{kHigh, set, &ran};
  VM_EXPECT(ran.load());
}

VM_TEST(SchedPreempt, a_new_thread_of_higher_priority_runs_at_once) {
  on_one_cpu(a_new_thread_of_higher_priority_runs_at_once);
}

static void one_of_lower_priority_waits() {
  std::atomic<bool> ran = false;
  Joined other{kLow, set, &ran};
  sched::yield();
  const Nanoseconds end = clock::now() + 30_ms;
  while (clock::now() < end) {
  }
  VM_EXPECT(!ran.load());
}

VM_TEST(SchedPreempt, one_of_lower_priority_waits) { on_one_cpu(one_of_lower_priority_waits); }

static void a_timer_takes_the_cpu_from_a_thread_that_computes() {
  std::atomic<bool> woken = false;
  Joined sleeper{kHigh,
                 [](void* flag) {
                   static_cast<void>(sched::sleep_until(deadline::after(2_ms)));
                   set(flag);
                 },
                 &woken};
  VM_EXPECT(compute_until([&] { return woken.load(); }));
}

VM_TEST(SchedPreempt, a_timer_takes_the_cpu_from_a_thread_that_computes) {
  on_one_cpu(a_timer_takes_the_cpu_from_a_thread_that_computes);
}

static void those_of_the_same_priority_take_turns() {
  // A slice may be a second long, and a thread have two.
  static constexpr unsigned kEnough = 6;
  struct Turns {
    std::atomic<unsigned> last = 0;
    std::atomic<unsigned> changes = 0;
    std::atomic<bool> stop = false;
    void run(unsigned self) {
      compute_until([&] {
        if (last.exchange(self) != self) ++changes;
        return stop.load() || changes >= kEnough;
      });
    }
  };
  Turns turns;
  {
    Joined second{sched::ThreadOptions::kDefaultPriority,
                  [](void* shared) { static_cast<Turns*>(shared)->run(2); }, &turns};
    Joined third{sched::ThreadOptions::kDefaultPriority,
                 [](void* shared) { static_cast<Turns*>(shared)->run(3); }, &turns};
    turns.run(1);
    turns.stop = true;
  }
  VM_EXPECT_GE(turns.changes.load(), kEnough);
}

VM_TEST(SchedPreempt, those_of_the_same_priority_take_turns) {
  on_one_cpu(those_of_the_same_priority_take_turns);
}

struct Queue {
  WaitQueue queue;
  bool open = false;  // under queue
  std::atomic<unsigned> passed = 0;
  std::atomic<std::uint8_t> first = 0;

  static void pass(void* argument) {
    auto& self = *static_cast<Queue*>(argument);
    {
      WaitQueue::Guard guard{self.queue};
      while (!self.open) static_cast<void>(self.queue.wait(guard));
    }
    std::uint8_t none = 0;
    self.first.compare_exchange_strong(none, sched::current().priority());
    ++self.passed;
  }
};

static void who_is_woken_with_a_higher_priority_runs_at_once() {
  Queue shared;
  Joined waiting{kHigh, Queue::pass, &shared};
  {
    WaitQueue::Guard guard{shared.queue};
    shared.open = true;
    shared.queue.wake_all(guard);
    VM_EXPECT_EQ(shared.passed.load(), 0u);
  }
  VM_EXPECT_EQ(shared.passed.load(), 1u);
}

VM_TEST(SchedPreempt, who_is_woken_with_a_higher_priority_runs_at_once) {
  on_one_cpu(who_is_woken_with_a_higher_priority_runs_at_once);
}

static void the_waiter_of_the_highest_priority_is_woken_first() {
  Queue shared;
  Joined first{kHigh, Queue::pass, &shared};
  Joined second{kHigh + 2, Queue::pass, &shared};
  Joined third{kHigh + 1, Queue::pass, &shared};
  {
    WaitQueue::Guard guard{shared.queue};
    shared.open = true;
  }
  shared.queue.wake_one();
  VM_EXPECT_EQ(shared.passed.load(), 1u);
  VM_EXPECT_EQ(shared.first.load(), kHigh + 2);
  shared.queue.wake_all();
}

VM_TEST(SchedPreempt, the_waiter_of_the_highest_priority_is_woken_first) {
  on_one_cpu(the_waiter_of_the_highest_priority_is_woken_first);
}

static void a_guard_keeps_the_cpu_until_its_end() {
  std::atomic<bool> ran = false;
  sched::ThreadOptions options;
  options.stack_bytes = kStack;
  options.priority = kHigh;
  options.detached = true;
  options.affinity = kOneCpu;
  {
    const sched::PreemptGuard outer;
    {
      const sched::PreemptGuard inner;
      VM_EXPECT(!sched::may_wait());
      VM_EXPECT(sched::create(options, set, &ran).ok());
    }
    const Nanoseconds end = clock::now() + 30_ms;
    while (clock::now() < end) {
    }
    VM_EXPECT(!ran.load());
  }
  VM_EXPECT(ran.load());
}

VM_TEST(SchedPreempt, a_guard_keeps_the_cpu_until_its_end) {
  on_one_cpu(a_guard_keeps_the_cpu_until_its_end);
}

static void whose_interrupts_are_masked_keeps_the_cpu() {
  std::atomic<bool> ran = false;
  sched::ThreadOptions options;
  options.stack_bytes = kStack;
  options.priority = kHigh;
  options.detached = true;
  options.affinity = kOneCpu;
  {
    const InterruptMask masked;
    VM_EXPECT(sched::create(options, set, &ran).ok());
    VM_EXPECT(!ran.load());
  }
  VM_EXPECT(ran.load());
}

VM_TEST(SchedPreempt, whose_interrupts_are_masked_keeps_the_cpu) {
  on_one_cpu(whose_interrupts_are_masked_keeps_the_cpu);
}

// Each is preempted at any of its instructions, the ones of the scheduler included.
VM_TEST(SchedPreempt, many_threads_of_all_priorities_lose_nothing) {
  struct Shared {
    std::atomic<unsigned> sum = 0;
    static void work(void* argument) {
      auto& self = *static_cast<Shared*>(argument);
      for (unsigned i = 0; i < 40; ++i) {
        ++self.sum;
        static_cast<void>(sched::sleep_until(deadline::after(Nanoseconds{50'000 + i * 7'000})));
        volatile unsigned spin = 0;
        for (unsigned n = 0; n < 3'000; ++n) spin = spin + n;
        sched::yield();
      }
    }
  };
  Shared shared;
  std::array<Thread*, 24> threads;
  for (unsigned i = 0; i < threads.size(); ++i) {
    sched::ThreadOptions options;
    options.stack_bytes = kStack;
    options.priority = static_cast<std::uint8_t>(i % 32);
    threads[i] = sched::create(options, Shared::work, &shared).value();
  }
  for (Thread* const thread : threads) VM_EXPECT(sched::join(*thread).ok());
  VM_EXPECT_EQ(shared.sum.load(), 24u * 40u);
}

}  // namespace sched_preempt_vm_test
