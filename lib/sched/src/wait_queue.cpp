// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/assert.hpp>

#include "internals.hpp"
#include "waiter.hpp"

namespace atl {

void WaitQueue::append(detail::Waiter& waiter) {
  waiter.previous = last_;
  waiter.queued = true;
  (last_ == nullptr ? first_ : last_->next) = &waiter;
  last_ = &waiter;
}

void WaitQueue::remove(detail::Waiter& waiter) {
  (waiter.previous == nullptr ? first_ : waiter.previous->next) = waiter.next;
  (waiter.next == nullptr ? last_ : waiter.next->previous) = waiter.previous;
  waiter.queued = false;
}

[[gnu::flatten]] Result<void> WaitQueue::wait(Guard& guard, Deadline deadline, Interruptions by) {
  detail::Waiter waiter{.thread = &sched::current()};
  return wait(guard, waiter, deadline, by);
}

Result<void> WaitQueue::wait(Guard& guard, detail::Waiter& waiter, Deadline deadline,
                             Interruptions by) {
  ATOLL_ASSERT(&guard.queue_ == this);
  ATOLL_ASSERT(sched::may_wait());
  if constexpr (config::lock::kDebug) detail::lock_check_wait();
  Thread& self = *waiter.thread;
  append(waiter);
  sched::Internals::begin_wait(self, by);

  // Interrupts stay masked until the thread is off the CPU: no handler on this
  // CPU comes between giving up the lock and sleeping.
  lock_.release_masked();
  const sched::Outcome outcome = sched::Internals::sleep(self, deadline);
  lock_.acquire_masked();

  // A waker took it out of the queue; a timer or an interruption did not.
  if (waiter.queued) remove(waiter);
  if (outcome == sched::Outcome::kWoken) return {};
  return fail(outcome == sched::Outcome::kTimedOut ? Errc::kTimedOut : Errc::kInterrupted);
}

detail::Waiter& WaitQueue::first_to_wake() {
  detail::Waiter* best = first_;
  if constexpr (sched::Provider::kHasPriorities) {
    for (detail::Waiter* one = first_->next; one != nullptr; one = one->next) {
      if (sched::woken_before<sched::Provider>(*one->thread, *best->thread)) best = one;
    }
  }
  return *best;
}

// Takes it out of the queue. One whose wait a timer or an interruption has ended does not
// count as woken.
bool WaitQueue::wake(detail::Waiter& waiter) {
  Thread& thread = *waiter.thread;
  remove(waiter);
  return sched::Internals::wake(thread, sched::Outcome::kWoken);
}

Thread* WaitQueue::wake_one(Guard& guard) {
  ATOLL_ASSERT(&guard.queue_ == this);
  while (first_ != nullptr) {
    detail::Waiter& waiter = first_to_wake();
    Thread& thread = *waiter.thread;
    if (wake(waiter)) return &thread;
  }
  return nullptr;
}

std::size_t WaitQueue::wake_all(Guard& guard) {
  std::size_t woken = 0;
  while (wake_one(guard) != nullptr) ++woken;
  return woken;
}

}  // namespace atl
