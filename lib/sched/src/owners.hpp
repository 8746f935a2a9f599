// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/sched.hpp>

/// Who waits for what whom has. Of images with SCHED_TRACKS_OWNERS.
namespace atl::sched {

/// One thread's wait for what another has, on its stack. It lends the owner its priority.
struct Loan {
  Thread& from;
  Thread* to;
  const WaitQueue& queue;  ///< for what
  const bool inherits;     ///< the owner counts with the priority of `from`
  const bool for_ever;     ///< nothing but the owner ends the wait
  Loan* next = nullptr;    ///< of Loans::taken
};

/// Sets the priority that `thread` has of its own. Any context.
void set_own_priority(Thread& thread, std::uint8_t priority);
/// That priority, whatever it inherits. Any context.
std::uint8_t own_priority(Thread& thread);
/// Nobody waits for `thread`, which ends, any more. What it owns stays owned.
void forget_loans(Thread& thread);

/// Panics where the loan that has just been given closes a circle of waits that end never.
void check_deadlock(const Loan& loan);

}  // namespace atl::sched
