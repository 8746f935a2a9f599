// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/config/sched_edf.hpp>
#include <atoll/interrupt_mask.hpp>
#include <atoll/sched_threads.hpp>

#include "turns.hpp"

namespace atl {

Result<void> sched_init() {
  sched::turns::begin(sched::threads::adopt_main());
  return {};
}

namespace sched {
namespace {

constinit Bandwidth bandwidth{(kOne * config::sched_edf::kUtilization + 99) / 100};

Result<Rule> checked(const Scheduling& wanted) {
  Rule rule{wanted.policy, wanted.priority, {}};
  if (wanted.policy == Policy::kDeadline) {
    rule.reservation = TRY(Reservation::create(wanted.runtime, wanted.deadline, wanted.period));
  }
  return rule;
}

Density promised_to(const ProviderThread& thread) {
  return thread.server.active() ? thread.server.density() : 0;
}

/// What a new thread does first, interrupts masked.
void start(void*) {
  turns::arrive();
  threads::run();
}

}  // namespace

Result<Thread*> Provider::create(const ThreadOptions& options, Entry entry, void* argument) {
  const Scheduling wanted = options.scheduling != nullptr
                                ? *options.scheduling
                                : Scheduling{.priority = options.priority};
  const Rule rule = TRY(checked(wanted));
  {
    const InterruptMask masked;
    TRY(bandwidth.exchange(0, rule.density()));
  }
  auto thread = threads::allocate(options, entry, argument, &start);
  const InterruptMask masked;
  if (!thread.ok()) {
    static_cast<void>(bandwidth.exchange(rule.density(), 0));
    return thread;
  }
  turns::set_rule(*thread.value(), rule);
  threads::announce(*thread.value());
  turns::make_ready(*thread.value());
  return thread;
}

void Provider::yield() {
  if (preemption_disabled()) return;
  const InterruptMask masked;
  turns::yield();
}

void Provider::end_job() {
  const InterruptMask masked;
  ATOLL_ASSERT(!preemption_disabled());
  turns::end_job();
}

bool Provider::goes_before(const Thread& left, const Thread& right) {
  return sched::goes_before(left, right);
}

void Provider::block() {
  Thread& self = current();
  while (self.is_blocked()) {
    self.set_state(State::kWaiting);
    turns::park();
  }
}

void Provider::make_ready(Thread& thread) { turns::make_ready(thread); }

void Provider::leave(Thread& thread, bool reclaim) {
  threads::forget(thread);
  thread.set_state(State::kExited);
  static_cast<void>(bandwidth.exchange(promised_to(thread), 0));
  turns::park(reclaim ? &thread : nullptr);
}

void Provider::destroy(Thread& thread) { threads::destroy(thread); }

void Provider::for_each(void (*visit)(Thread&, void*), void* context) {
  threads::for_each(visit, context);
}

Result<void> Provider::set_scheduling(Thread& thread, const Scheduling& wanted) {
  const Rule rule = TRY(checked(wanted));
  if (thread.state() == State::kExited) return {};  // nothing is promised to it any more
  TRY(bandwidth.exchange(promised_to(thread), rule.density()));
  turns::set_rule(thread, rule);
  return {};
}

Scheduling Provider::scheduling(Thread& thread) {
  Scheduling now{.policy = thread.policy, .priority = thread.level};
  if (!thread.server.active()) return now;
  const Reservation& reservation = thread.server.reservation();
  now.runtime = reservation.runtime;
  now.deadline = reservation.deadline;
  now.period = reservation.period;
  return now;
}

}  // namespace sched
}  // namespace atl
