// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include "ready_queue.hpp"

/// Who has the CPU, and for how long: between sched.cpp, which says what a thread does
/// between two runs, and turns.cpp. Interrupts masked.
namespace atl::sched {

/// How a thread is to be scheduled; checked.
struct Rule {
  Policy policy;
  std::uint8_t level;
  Reservation reservation;  ///< of Policy::kDeadline; runtime 0 for all others

  [[nodiscard]] Density density() const {
    return reservation.runtime.count == 0 ? 0 : reservation.density();
  }
};

}  // namespace atl::sched

namespace atl::sched::turns {

/// The main thread runs; once.
void begin(Thread& main);

/// `thread`, which is parked, is to run.
void make_ready(ProviderThread& thread);

/// The current thread has blocked or exited: runs others, and idles where there are none,
/// until it is its turn again. Where `reclaim` is not null that thread has exited, and is
/// destroyed by the next one.
void park(Thread* reclaim = nullptr);

/// What a thread does first: the rest of the switch to it.
void arrive();

/// The current thread makes room for those that are ready and not behind it.
void yield();
/// One with a deadline has done its work until its next period; all others yield.
void end_job();

/// From now on `thread` is scheduled so.
void set_rule(ProviderThread& thread, const Rule& rule);

}  // namespace atl::sched::turns
