// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/clock.hpp>
#include <atoll/deadline.hpp>
#include <atoll/sched.hpp>
#include <atoll/vm_test.hpp>
#include <atomic>

// Real interrupts end real waits.
namespace deadline_vm_test {

using namespace atl;

VM_TEST(Deadline, is_never_early) {
  for (const Nanoseconds duration : {1_us, 50_us, 300_us, 2_ms}) {
    const Nanoseconds start = clock::now();
    VM_EXPECT(sched::sleep_until(deadline::after(duration)).ok());
    VM_EXPECT_GE((clock::now() - start).count, duration.count);
  }
}

VM_TEST(Deadline, that_has_passed_ends_a_wait_at_once) {
  WaitQueue queue;
  WaitQueue::Guard guard{queue};
  VM_EXPECT_EQ(queue.wait(guard, deadline::at(0_ns)).error(), Errc::kTimedOut);
}

struct WakingTimer : Timer {
  explicit WakingTimer(WaitQueue& queue) : Timer(fire), woken(queue) {}
  static void fire(Timer& timer) {
    auto& self = static_cast<WakingTimer&>(timer);
    WaitQueue::Guard guard{self.woken};
    ++self.fired;
    self.woken.wake_one(guard);
  }
  WaitQueue& woken;
  unsigned fired = 0;  // under woken
};

// The moment sweeps over the path into sleep, so that the interrupt lands
// before, inside and after it; in larger steps where arming takes long, as on a
// hypervisor that is emulated itself.
VM_TEST(Deadline, no_wake_up_of_a_handler_is_lost) {
  WaitQueue queue;
  WakingTimer timer{queue};
  unsigned seen = 0;
  std::uint64_t step = 40;
  for (std::uint64_t i = 0; i < 500; ++i) {
    if (!deadline::arm(timer, clock::now() + Nanoseconds{(25 + i) * step})) {
      if (seen == 0 && step < 1'000'000) step *= 2;
      continue;
    }
    ++seen;
    WaitQueue::Guard guard{queue};
    while (timer.fired < seen) {
      VM_ASSERT(queue.wait(guard, deadline::after(10_s)).ok());
    }
  }
  VM_EXPECT_GT(seen, 0u);
}

// With interrupts masked, so that a stall of the whole machine does not let the
// moment come before the cancellation.
VM_TEST(Deadline, cancelled_does_not_fire) {
  WaitQueue queue;
  WakingTimer timer{queue};
  const auto state = arch::Cpu::disable_interrupts();
  Nanoseconds when;
  do when = clock::now() + 1_ms;
  while (!deadline::arm(timer, when));
  deadline::cancel(timer);
  arch::Cpu::restore_interrupts(state);
  VM_EXPECT(sched::sleep_until(deadline::at(when + 2_ms)).ok());
  VM_EXPECT_EQ(timer.fired, 0u);
}

VM_TEST(Deadline, threads_sleep_side_by_side) {
  if constexpr (sched::Provider::kOneThread) VM_SKIP("this scheduler has one thread");
  static std::atomic<int> awake;
  awake = 0;
  const Nanoseconds start = clock::now();
  Thread* threads[8] = {};
  for (Thread*& slot : threads) {
    const Result<Thread*> thread = sched::create(
        {.stack_bytes = 8192},
        [](void*) {
          for (int i = 0; i < 4; ++i) {
            static_cast<void>(sched::sleep_until(deadline::after(5_ms)));
            ++awake;
          }
        },
        nullptr);
    VM_ASSERT(thread.ok());
    slot = thread.value();
  }
  for (Thread* thread : threads) VM_EXPECT(sched::join(*thread, deadline::after(60_s)).ok());
  VM_EXPECT_EQ(awake.load(), 32);
  VM_EXPECT_GE((clock::now() - start).count, (20_ms).count);
}

VM_TEST(Deadline, join_times_out) {
  if constexpr (sched::Provider::kOneThread) VM_SKIP("this scheduler has one thread");
  const Result<Thread*> thread = sched::create(
      {.stack_bytes = 8192},
      [](void*) { static_cast<void>(sched::sleep_until(Deadline::never())); }, nullptr);
  VM_ASSERT(thread.ok());
  VM_EXPECT_EQ(sched::join(*thread.value(), deadline::after(1_ms)).error(), Errc::kTimedOut);
  sched::interrupt(*thread.value(), Interruptions::kSignal);
  VM_EXPECT(sched::join(*thread.value()).ok());
}

}  // namespace deadline_vm_test
