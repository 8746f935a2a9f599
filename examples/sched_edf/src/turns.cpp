// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "turns.hpp"

#include <atoll/clock.hpp>
#include <atoll/config/sched_edf.hpp>
#include <atoll/deadline.hpp>
#include <atoll/late.hpp>
#include <atoll/sched_threads.hpp>
#include <atomic>

namespace atl::sched {
namespace {

using Place = ProviderThread::Place;

struct EarlierPeriod {
  bool operator()(const ProviderThread& left, const ProviderThread& right) const {
    return left.server.next_period() < right.server.next_period();
  }
};

constinit ReadyQueue ready;
constinit Tree<ProviderThread, &ProviderThread::deadline_hook, EarlierPeriod> throttled;
constinit Thread* exited = nullptr;   // waits for another stack, on which it is destroyed
constinit Nanoseconds charged_until;  // the running thread's use, where it has a reservation
constinit bool turn_is_limited = false;
constinit bool turn_is_over = false;
constinit std::atomic<std::uint32_t> preemption_disabled_count = 0;

constinit Late<Timer> turn_timer;     // the end of the running thread's turn
constinit Late<Timer> release_timer;  // the next period of the first that is throttled

void reschedule(arch::TrapFrame* interrupted);

ProviderThread& running() { return current(); }

/// The running thread is no longer to be the running one: as soon as that can be.
void want_cpu() { arch::Cpu::cpu_local().reschedule = &reschedule; }

/// Arms `timer` for `when`, or as soon after it as can be.
void arm(Timer& timer, Nanoseconds when) {
  for (Nanoseconds patience = 1_us; !deadline::arm(timer, when); patience = patience + patience) {
    when = clock::now() + patience;
  }
}

void limit_turn(Nanoseconds end) {
  turn_is_limited = true;
  arm(*turn_timer, end);
}

void add_ready(ProviderThread& thread, bool ahead = false) {
  thread.place = Place::kReady;
  static_cast<Thread&>(thread).set_state(State::kReady);
  ready.add(thread, ahead);
  ProviderThread& now = running();
  if (now.place != Place::kRunning) return;  // it idles, and looks for itself
  if (goes_before(thread, now)) {
    want_cpu();
  } else if (!turn_is_limited && !now.server.active() && !thread.server.active() &&
             now.level == thread.level && now.policy != Policy::kFifo) {
    limit_turn(clock::now() + Nanoseconds{config::sched_edf::kSliceUs * 1'000});
  }
}

void throttle(ProviderThread& thread) {
  thread.place = Place::kThrottled;
  static_cast<Thread&>(thread).set_state(State::kReady);
  throttled.insert(thread);
  if (throttled.first() != &thread) return;
  deadline::cancel(*release_timer);
  arm(*release_timer, thread.server.next_period());
}

/// Ready, or, where its runtime is used up, later.
void add(ProviderThread& thread) {
  if (thread.server.active() && thread.server.exhausted()) {
    throttle(thread);
  } else {
    add_ready(thread);
  }
}

void remove(ProviderThread& thread) {
  if (thread.place == Place::kReady) ready.remove(thread);
  if (thread.place == Place::kThrottled) throttled.remove(thread);
}

void end_turn(Timer&) {
  if (running().place != Place::kRunning) return;
  turn_is_over = true;
  want_cpu();
}

void release(Timer&) {
  const Nanoseconds now = clock::now();
  ProviderThread* first = throttled.first();
  for (; first != nullptr && first->server.next_period() <= now; first = throttled.first()) {
    throttled.remove(*first);
    first->server.replenish(now);
    add_ready(*first);
  }
  if (first != nullptr) arm(*release_timer, first->server.next_period());
}

/// Charges the current thread, where it has a reservation, for what it has used until now.
void account(Nanoseconds now) {
  ProviderThread& self = running();
  if (!self.server.active()) return;
  self.server.charge(now - charged_until);
  charged_until = now;
}

/// `next` has the CPU from now on.
void begin_turn(ProviderThread& next) {
  next.place = Place::kRunning;
  static_cast<Thread&>(next).set_state(State::kRunning);
  arch::Cpu::set_current_thread(static_cast<Thread*>(&next));
  arch::Cpu::cpu_local().reschedule = nullptr;
  turn_is_over = false;
  if (turn_is_limited) {
    turn_is_limited = false;
    deadline::cancel(*turn_timer);
  }
  if (next.server.active()) {
    charged_until = clock::now();
    limit_turn(charged_until + next.server.left());
  } else if (next.policy != Policy::kFifo && ready.has_level(next.level)) {
    limit_turn(clock::now() + Nanoseconds{config::sched_edf::kSliceUs * 1'000});
  }
}

/// Gives the CPU to the first that is ready, of which the current thread may be one, and
/// returns when it is its turn again.
void run_next() {
  Thread& self = current();
  // It idles here, on the stack of a thread that must not be preempted meanwhile.
  arch::Cpu::cpu_local().reschedule = nullptr;
  while (ready.first() == nullptr) idle();
  ProviderThread& next = *ready.first();
  ready.remove(next);
  begin_turn(next);
  if (&next == &self) return;
  arch::switch_context(self.context, next.context);
  turns::arrive();
}

/// The current thread gives the CPU to one that goes before it, or whose turn it is.
void preempt() {
  Thread& self = current();
  if (self.server.active()) {
    account(clock::now());
    if (self.server.exhausted()) {
      throttle(self);
      run_next();
      return;
    }
  }
  const bool over = turn_is_over && !self.server.active();
  self.place = Place::kParked;
  add_ready(self, !over);
  run_next();
}

/// CpuLocal::reschedule.
void reschedule(arch::TrapFrame* interrupted) {
  if (Provider::preemption_disabled()) return;
  if (interrupted != nullptr) {
    arch::call_before_resume(*interrupted, &preempt);
    return;
  }
  const auto state = arch::Cpu::disable_interrupts();
  // An interrupt may have come first and have done it.
  if (arch::Cpu::cpu_local().reschedule != nullptr) preempt();
  arch::Cpu::restore_interrupts(state);
}

}  // namespace

namespace turns {

void begin(Thread& main) {
  turn_timer.create(&end_turn);
  release_timer.create(&release);
  main.place = Place::kRunning;
}

void make_ready(ProviderThread& thread) {
  if (thread.place != Place::kParked) return;
  if (thread.server.active()) thread.server.wake(clock::now());
  add(thread);
}

void park(Thread* reclaim) {
  Thread& self = current();
  if (self.server.active()) account(clock::now());
  self.place = Place::kParked;
  exited = reclaim;
  run_next();
}

void arrive() {
  if (exited == nullptr) return;
  Thread& thread = *exited;
  exited = nullptr;
  threads::destroy(thread);
}

void yield() {
  Thread& self = current();
  const ProviderThread* const first = ready.first();
  if (first == nullptr || goes_before(self, *first)) return;
  if (self.server.active()) account(clock::now());
  self.place = Place::kParked;
  add(self);
  run_next();
}

void end_job() {
  Thread& self = current();
  if (!self.server.active()) {
    yield();
    return;
  }
  account(clock::now());
  self.server.end_job();
  throttle(self);
  run_next();
}

void set_rule(ProviderThread& thread, const Rule& rule) {
  const bool runs = thread.place == Place::kRunning;
  const bool parked = thread.place == Place::kParked;
  const Nanoseconds now = clock::now();
  if (runs) account(now);
  remove(thread);
  thread.policy = rule.policy;
  thread.level = rule.level;
  if (rule.reservation.runtime.count != 0) {
    thread.server.reserve(rule.reservation, now);
  } else {
    thread.server.cancel();
  }
  if (parked) return;
  if (!runs) {
    add(thread);
    return;
  }
  begin_turn(thread);
  const ProviderThread* const first = ready.first();
  const bool exhausted = thread.server.active() && thread.server.exhausted();
  if (exhausted || (first != nullptr && goes_before(*first, thread))) want_cpu();
}

}  // namespace turns

void Provider::disable_preemption() {
  preemption_disabled_count.store(preemption_disabled_count.load(std::memory_order_relaxed) + 1,
                                  std::memory_order_relaxed);
  std::atomic_signal_fence(std::memory_order_seq_cst);
}

void Provider::enable_preemption() {
  std::atomic_signal_fence(std::memory_order_seq_cst);
  const std::uint32_t left = preemption_disabled_count.load(std::memory_order_relaxed) - 1;
  preemption_disabled_count.store(left, std::memory_order_relaxed);
  if (left != 0 || arch::Cpu::cpu_local().reschedule == nullptr) return;
  if (arch::Cpu::interrupts_enabled()) reschedule(nullptr);
}

bool Provider::preemption_disabled() {
  return preemption_disabled_count.load(std::memory_order_relaxed) != 0;
}

}  // namespace atl::sched
