// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/clock.hpp>
#include <atoll/deadline.hpp>
#include <atoll/interrupt_mask.hpp>
#include <atoll/sched.hpp>
#include <atoll/vm_test.hpp>
#include <atomic>

// What a scheduler owes that takes the CPU from a thread, by real interrupts.
namespace sched_preemption_vm_test {

using namespace atl;
using sched::ThreadOptions;

/// A thread that a timer wakes.
class Sleeper {
 public:
  Sleeper(std::uint8_t priority, Nanoseconds until)
      : until_(until),
        // Small, as the stack that SCHED_STACK_KIB asks for may be as large as all memory.
        thread_(
            sched::create({.stack_bytes = 32 * 1024, .priority = priority}, sleep, this).value()) {
    static_cast<void>(sched::sleep_until(deadline::after(1_ms)));  // until it sleeps, too
  }
  ~Sleeper() { VM_EXPECT(sched::join(*thread_).ok()); }
  Sleeper(const Sleeper&) = delete;
  Sleeper& operator=(const Sleeper&) = delete;

  [[nodiscard]] bool has_run() const { return ran_; }
  /// Whether it ran on the CPU that was kept from it.
  [[nodiscard]] bool has_intruded() const { return intruded_; }
  /// By who has a PreemptGuard: this CPU is kept, or, at the end, no longer.
  void keep_from() { kept_ = arch::Cpu::cpu_local().index; }
  void keep_no_more() { kept_ = kNone; }

 private:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};

  static void sleep(void* argument) {
    auto& self = *static_cast<Sleeper*>(argument);
    static_cast<void>(sched::sleep_until(deadline::at(self.until_)));
    {
      const InterruptMask stays_here;
      if (self.kept_ == arch::Cpu::cpu_local().index) self.intruded_ = true;
    }
    self.ran_ = true;
  }

  Nanoseconds until_;
  std::atomic<std::uint32_t> kept_ = kNone;
  std::atomic<bool> intruded_ = false;
  std::atomic<bool> ran_ = false;
  Thread* thread_;
};

/// Computes, and never waits, until `sleeper` has run or for twenty seconds.
void compute_until_it_runs(const Sleeper& sleeper) {
  const Nanoseconds limit = clock::now() + 20_s;
  while (!sleeper.has_run() && clock::now() < limit) {
  }
  VM_EXPECT(sleeper.has_run());
}

VM_TEST(Sched, a_guard_keeps_the_cpu) {
  if constexpr (!sched::Provider::kPreemptive) VM_SKIP("this scheduler takes the CPU from nobody");
  for (const std::uint8_t priority :
       {ThreadOptions::kDefaultPriority, ThreadOptions::kHighestPriority}) {
    const Nanoseconds until = clock::now() + 10_ms;
    Sleeper sleeper{priority, until};
    {
      const sched::PreemptGuard guard;
      sleeper.keep_from();
      while (clock::now() < until + 20_ms) {
      }
      sleeper.keep_no_more();
    }
    if (sched::Provider::kHasPriorities && priority == ThreadOptions::kHighestPriority) {
      compute_until_it_runs(sleeper);
    }
    VM_EXPECT(!sleeper.has_intruded());
  }
}

VM_TEST(Sched, an_interrupt_takes_the_cpu_for_a_higher_priority) {
  if constexpr (!sched::Provider::kPreemptive) VM_SKIP("this scheduler takes the CPU from nobody");
  if constexpr (!sched::Provider::kHasPriorities) VM_SKIP("this scheduler has no priorities");
  Sleeper sleeper{ThreadOptions::kHighestPriority, clock::now() + 10_ms};
  compute_until_it_runs(sleeper);
}

}  // namespace sched_preemption_vm_test
