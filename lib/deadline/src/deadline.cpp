// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <array>
#include <atoll/arch.hpp>
#include <atoll/clock.hpp>
#include <atoll/deadline.hpp>
#include <atoll/lock.hpp>
#include <atoll/result.hpp>
#include <atoll/timer.hpp>
#include <atomic>
#include <limits>

namespace atl {

/// The armed timers of one CPU, earliest first.
class TimerTree {
 public:
  constexpr TimerTree() = default;

  void arm(Timer& timer, Nanoseconds when) {
    Guard guard{lock_};
    timer.when_ = when;
    timer.cpu_ = arch::Cpu::cpu_local().index;
    timers_.insert(timer);
    if (timers_.first() == &timer) timer::arm(when);
  }

  // The CPU's timer is left as it is: a disarm that is not needed costs more than
  // the rare interrupt that finds nothing to do.
  void cancel(Timer& timer) {
    {
      Guard guard{lock_};
      if (timer.hook_.linked()) timers_.remove(timer);
    }
    if (cpu_of(timer) == arch::Cpu::cpu_local().index) return;
    while (running_.load(std::memory_order_acquire) == &timer) arch::Cpu::relax();
  }

  /// In the timer's interrupt, on the CPU the tree belongs to.
  void expire() {
    const Nanoseconds now = clock::now();
    while (Timer* const timer = take_due(now)) {
      timer->callback_(*timer);
      running_.store(nullptr, std::memory_order_release);
    }
    Guard guard{lock_};
    if (const Timer* const next = timers_.first()) timer::arm(next->when_);
  }

  static std::uint32_t cpu_of(const Timer& timer) { return timer.cpu_; }

 private:
  struct Before {
    bool operator()(const Timer& left, const Timer& right) const {
      return left.when_ < right.when_;
    }
  };

  Timer* take_due(Nanoseconds now) {
    Guard guard{lock_};
    Timer* const first = timers_.first();
    if (first == nullptr || first->when_ > now) return nullptr;
    timers_.remove(*first);
    running_.store(first, std::memory_order_relaxed);
    return first;
  }

  IrqSpinLock lock_;
  Tree<Timer, &Timer::hook_, Before> timers_;
  std::atomic<const Timer*> running_ = nullptr;  // its callback is under way
};

namespace {

constinit std::array<TimerTree, kMaxCpus> trees;

constexpr Nanoseconds kEndOfTime{std::numeric_limits<std::uint64_t>::max()};
constexpr TimerService kService{.arm = deadline::arm, .cancel = deadline::cancel};

void expire_here() { trees[arch::Cpu::cpu_local().index].expire(); }

}  // namespace

Result<void> deadline_init() {
  timer::set_handler(expire_here);
  return {};
}

namespace deadline {

Deadline at(Nanoseconds when) {
  return when == kEndOfTime ? Deadline::never() : Deadline{when, kService};
}

Deadline after(Nanoseconds duration) {
  const Nanoseconds now = clock::now();
  return at(duration > kEndOfTime - now ? kEndOfTime : now + duration);
}

bool arm(Timer& timer, Nanoseconds when) {
  if (when <= clock::now()) return false;
  // Masked, so that the tree is this CPU's until the timer is in it.
  const auto state = arch::Cpu::disable_interrupts();
  trees[arch::Cpu::cpu_local().index].arm(timer, when);
  arch::Cpu::restore_interrupts(state);
  return true;
}

void cancel(Timer& timer) { trees[TimerTree::cpu_of(timer)].cancel(timer); }

}  // namespace deadline
}  // namespace atl
