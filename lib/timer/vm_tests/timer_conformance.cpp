// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/arch.hpp>
#include <atoll/clock.hpp>
#include <atoll/timer.hpp>
#include <atoll/vm_test.hpp>
#include <atomic>

/// What atoll/timer.hpp promises of every timer.
namespace timer_conformance {

using namespace atl;
using arch::Cpu;

std::atomic<int> fired{0};
Nanoseconds fired_at;
std::uint32_t depth = 0;
bool enabled = true;

std::uint32_t borrower;  // CPU index

void on_timer() {
  // Another CPU's: of a wait there that ended before its time.
  if (Cpu::cpu_local().index != borrower) return;
  fired_at = clock::now();
  depth = Cpu::cpu_local().interrupt_depth;
  enabled = Cpu::interrupts_enabled();
  fired = fired + 1;
}

/// Takes the timer from whoever has it and gives it back; interrupts are masked
/// meanwhile, but for waits.
class Borrowed {
 public:
  Borrowed() : state_(Cpu::disable_interrupts()), before_(timer::set_handler(on_timer)) {
    borrower = Cpu::cpu_local().index;
    timer::disarm();
    fired = 0;
  }
  ~Borrowed() {
    timer::disarm();
    timer::set_handler(before_);
    // Who had it looks for itself what is due, and arms it for the next.
    if (before_ != nullptr) timer::arm(clock::now());
    Cpu::restore_interrupts(state_);
  }
  Borrowed(const Borrowed&) = delete;
  Borrowed& operator=(const Borrowed&) = delete;

  /// Waits until it has fired `times` times; not for ever, for a timer that does not.
  static void wait(int times = 1) {
    const Nanoseconds limit = clock::now() + 10_s;
    Cpu::enable_interrupts();
    while (fired < times && clock::now() < limit) Cpu::relax();
    static_cast<void>(Cpu::disable_interrupts());
    VM_EXPECT_GE(fired.load(), times);
  }
  /// Lets interrupts in until `moment`.
  static void let_pass(Nanoseconds moment) {
    Cpu::enable_interrupts();
    while (clock::now() < moment) Cpu::relax();
    static_cast<void>(Cpu::disable_interrupts());
  }

 private:
  Cpu::InterruptState state_;
  timer::Handler before_;
};

VM_TEST(TimerConformance, fires_once_and_never_early) {
  Borrowed borrowed;
  for (const Nanoseconds time : {0_ns, 1_ns, 1_us, 50_us, 300_us, 1_ms, 5_ms, 20_ms}) {
    for (int i = 0; i < 3; ++i) {
      fired = 0;
      const Nanoseconds deadline = clock::now() + time;
      timer::arm(deadline);
      borrowed.wait();
      VM_EXPECT_GE(fired_at, deadline);
      VM_EXPECT_EQ(depth, 1u);
      VM_EXPECT(!enabled);
      borrowed.let_pass(clock::now() + 100_us);
      VM_EXPECT_EQ(fired.load(), 1);
    }
  }
}

VM_TEST(TimerConformance, a_past_deadline_fires_at_once) {
  Borrowed borrowed;
  timer::arm(0_ns);
  borrowed.wait();
  VM_EXPECT_EQ(fired.load(), 1);
}

VM_TEST(TimerConformance, a_disarmed_timer_is_silent) {
  Borrowed borrowed;
  const Nanoseconds deadline = clock::now() + 1_ms;
  timer::arm(deadline);
  timer::disarm();
  borrowed.let_pass(deadline + 1_ms);
  VM_EXPECT_EQ(fired.load(), 0);
}

VM_TEST(TimerConformance, disarmed_after_the_deadline_it_is_silent) {
  Borrowed borrowed;
  const Nanoseconds deadline = clock::now() + 200_us;
  timer::arm(deadline);
  while (clock::now() < deadline + 200_us) {
  }
  timer::disarm();
  borrowed.let_pass(clock::now() + 200_us);
  VM_EXPECT_EQ(fired.load(), 0);
}

VM_TEST(TimerConformance, the_last_deadline_counts) {
  Borrowed borrowed;
  const Nanoseconds now = clock::now();
  timer::arm(now + 200_us);
  timer::arm(now + 2_ms);
  borrowed.wait();
  VM_EXPECT_GE(fired_at, now + 2_ms);
  timer::arm(clock::now() + 3600_s);
  timer::arm(clock::now() + 200_us);
  borrowed.wait(2);
  VM_EXPECT_EQ(fired.load(), 2);
}

VM_TEST(TimerConformance, a_distant_deadline_does_not_wrap_around) {
  Borrowed borrowed;
  for (const Nanoseconds distant : {3600_s, 1'000'000'000_s, Nanoseconds{~std::uint64_t{0} - 1}}) {
    timer::arm(distant);
    borrowed.let_pass(clock::now() + 1_ms);
    VM_EXPECT_EQ(fired.load(), 0);
  }
}

VM_TEST(TimerConformance, the_handler_may_arm_again) {
  Borrowed borrowed;
  static int left;
  left = 5;
  timer::set_handler([] {
    if (--left > 0) timer::arm(clock::now() + 50_us);
    on_timer();
  });
  timer::arm(clock::now() + 50_us);
  borrowed.wait(5);
  VM_EXPECT_EQ(fired.load(), 5);
  VM_EXPECT_EQ(left, 0);
}

}  // namespace timer_conformance
