// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <array>
#include <atoll/arch.hpp>
#include <atoll/clock.hpp>
#include <atoll/deadline.hpp>
#include <atoll/interrupt_mask.hpp>
#include <atoll/lock.hpp>
#include <atoll/result.hpp>
#include <atoll/timer.hpp>

#include "timer_wheel.hpp"

namespace atl {

/// The timers that were armed on one CPU.
class CpuTimers {
 public:
  constexpr CpuTimers() = default;

  /// On the CPU this belongs to, interrupts masked; `when` is after `now`, the moment.
  void arm(Timer& timer, Nanoseconds when, Nanoseconds now) {
    Guard guard{lock_};
    timer.cpu_.store(arch::Cpu::cpu_local().index, std::memory_order_relaxed);
    wheel_.insert(timer, when, now);
    // A moment that has passed without an interrupt: whoever borrowed the CPU's timer
    // (atoll/timer.hpp) has it, or it is about to come.
    if (when < armed_ || armed_ <= now) arm_cpu();
  }

  // The CPU's timer is left as it is: a wait that is ended before its time, as most are,
  // costs an interrupt that finds nothing to do once in that time, instead of an access to
  // hardware each.
  void cancel(Timer& timer) {
    while (is_running_elsewhere(timer)) arch::Cpu::relax();
  }

  /// In the timer's interrupt, on the CPU this belongs to.
  void expire() {
    const Nanoseconds now = clock::now();
    while (Timer* const timer = take_due(now)) timer->callback_(*timer);
    Guard guard{lock_};
    arm_cpu();
  }

  static std::uint32_t cpu_of(const Timer& timer) {
    return timer.cpu_.load(std::memory_order_relaxed);
  }

 private:
  void arm_cpu() {
    armed_ = wheel_.earliest();
    if (armed_ != TimerWheel::kEndOfTime) timer::arm(armed_);
  }

  /// The next timer to call, where the one before has been called.
  Timer* take_due(Nanoseconds now) {
    Guard guard{lock_};
    running_ = wheel_.take_due(now);
    return running_;
  }

  /// Disarms `timer`; whether its callback, which may arm it again, is under way on
  /// another CPU.
  bool is_running_elsewhere(Timer& timer) {
    Guard guard{lock_};
    if (TimerWheel::holds(timer)) wheel_.remove(timer);
    return running_ == &timer && cpu_of(timer) != arch::Cpu::cpu_local().index;
  }

  IrqSpinLock lock_;
  TimerWheel wheel_;
  Timer* running_ = nullptr;  // its callback is under way
  Nanoseconds armed_;         // what the CPU's timer waits for
};

namespace {

constinit std::array<CpuTimers, kMaxCpus> timers;

constexpr TimerService kService{.arm = deadline::arm, .cancel = deadline::cancel};

void expire_here() { timers[arch::Cpu::cpu_local().index].expire(); }

}  // namespace

Result<void> deadline_init() {
  timer::set_handler(expire_here);
  return {};
}

namespace deadline {

Deadline at(Nanoseconds when) {
  return when == TimerWheel::kEndOfTime ? Deadline::never() : Deadline{when, kService};
}

Deadline after(Nanoseconds duration) {
  const Nanoseconds now = clock::now();
  return at(duration > TimerWheel::kEndOfTime - now ? TimerWheel::kEndOfTime : now + duration);
}

bool arm(Timer& timer, Nanoseconds when) {
  // Masked, so that the CPU stays the same, and the moment is still to come when the
  // timer is in the wheel.
  const auto state = arch::Cpu::disable_interrupts();
  const Nanoseconds now = clock::now();
  const bool is_later = when > now;
  if (is_later) timers[arch::Cpu::cpu_local().index].arm(timer, when, now);
  arch::Cpu::restore_interrupts(state);
  return is_later;
}

void cancel(Timer& timer) { timers[CpuTimers::cpu_of(timer)].cancel(timer); }

}  // namespace deadline
}  // namespace atl
