// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "owners.hpp"

#include <algorithm>

#include "internals.hpp"

namespace atl {
namespace sched {
namespace {

// Of all loans and own priorities. Taken inside queues' locks; schedulers' are taken
// inside it.
constinit IrqSpinLock lending;

std::uint8_t priority_with_loans(Thread& thread) {
  const Loans& loans = Internals::loans(thread);
  std::uint8_t highest = loans.own_priority;
  for (const Loan* loan = loans.taken; loan != nullptr; loan = loan->next) {
    if (loan->inherits) highest = std::max(highest, loan->from.priority());
  }
  return highest;
}

// After the loans of `first` have changed: what changes for it changes for who it waits
// for, and so on. Comes to its end in a circle, too, as nothing changes the second time.
void update_priority(Thread& first) {
  for (Thread* thread = &first; thread != nullptr;) {
    const std::uint8_t priority = priority_with_loans(*thread);
    if (priority == thread->priority()) return;
    Internals::change_priority(*thread, priority);
    const Loan* const given = Internals::loans(*thread).given;
    thread = given != nullptr ? given->to : nullptr;
  }
}

void give(Loan& loan, Thread& to) {
  Loans& loans = Internals::loans(to);
  loan.to = &to;
  loan.next = loans.taken;
  loans.taken = &loan;
}

void take_back(Loan& loan) {
  Loan** place = &Internals::loans(*loan.to).taken;
  while (*place != &loan) place = &(*place)->next;
  *place = loan.next;
}

// The loans to `owner` for what `queue` waits for, no longer given to anybody.
Loan* take_out(Thread& owner, const WaitQueue& queue) {
  Loan* out = nullptr;
  for (Loan** place = &Internals::loans(owner).taken; *place != nullptr;) {
    Loan& loan = **place;
    if (&loan.queue != &queue) {
      place = &loan.next;
      continue;
    }
    *place = loan.next;
    loan.to = nullptr;
    loan.next = out;
    out = &loan;
  }
  return out;
}

void give_all(Loan* loans, Thread* to) {
  while (loans != nullptr) {
    Loan& loan = *loans;
    loans = loan.next;
    if (to != nullptr && &loan.from != to) give(loan, *to);
  }
  if (to != nullptr) update_priority(*to);
}

}  // namespace

void set_own_priority(Thread& thread, std::uint8_t priority) {
  Guard guard{lending};
  Internals::loans(thread).own_priority = priority;
  update_priority(thread);
}

std::uint8_t own_priority(Thread& thread) {
  Guard guard{lending};
  return Internals::loans(thread).own_priority;
}

void forget_loans(Thread& thread) {
  Guard guard{lending};
  Loans& loans = Internals::loans(thread);
  for (Loan* loan = loans.taken; loan != nullptr; loan = loan->next) loan->to = nullptr;
  loans.taken = nullptr;
}

}  // namespace sched

using sched::Loan;

Result<void> WaitQueue::wait_tracked(Guard& guard, Thread& owner, Deadline deadline,
                                     Interruptions by, bool inherits) {
  constexpr Interruptions kEnding = Interruptions::kStop | Interruptions::kCancellation;
  Thread& self = sched::current();
  Loan loan{.from = self,
            .to = nullptr,
            .queue = *this,
            .inherits = inherits && config::sched::kPriorityInheritance,
            .for_ever = deadline.is_never() && !any(by & kEnding)};
  {
    atl::Guard lent{sched::lending};
    sched::give(loan, owner);
    sched::Internals::loans(self).given = &loan;
    if constexpr (config::lock::kDebug) sched::check_deadlock(loan);
    sched::update_priority(owner);
  }
  const Result<void> result = wait(guard, deadline, by);
  atl::Guard lent{sched::lending};
  sched::Internals::loans(self).given = nullptr;
  if (loan.to != nullptr) {
    sched::take_back(loan);
    sched::update_priority(*loan.to);
  }
  return result;
}

Thread* WaitQueue::hand_over_tracked(Guard& guard) {
  Thread& self = sched::current();
  atl::Guard lent{sched::lending};
  Loan* const loans = sched::take_out(self, *this);
  // First, so that the next owner finds it less important than itself.
  sched::update_priority(self);
  Thread* const next = wake_one(guard);
  sched::give_all(loans, next);
  return next;
}

}  // namespace atl
