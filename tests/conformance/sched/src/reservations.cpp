// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "reservations.hpp"

#include <atoll/clock.hpp>

namespace atl::sched::reservations {
namespace {

constexpr unsigned kAll = 1000;
unsigned promised = 0;

/// Of kAll. Checks the times, and completes them.
Result<unsigned> share_of(Scheduling& wanted) {
  if (wanted.policy != Policy::kDeadline) return 0;
  if (wanted.period == 0_ns) wanted.period = wanted.deadline;
  const bool possible = wanted.runtime > 0_ns && wanted.runtime <= wanted.deadline &&
                        wanted.deadline <= wanted.period;
  if (!possible) return fail(Errc::kInvalidArgument);
  return static_cast<unsigned>(wanted.runtime.count * kAll / wanted.deadline.count);
}

}  // namespace

Result<void> change(ProviderThread& thread, Scheduling wanted) {
  const unsigned share = TRY(share_of(wanted));
  if (promised - thread.share + share > kAll) return fail(Errc::kBusy);
  promised = promised - thread.share + share;
  thread.share = share;
  if (thread.attributes.policy != Policy::kDeadline) thread.period_began = clock::now();
  thread.attributes = wanted;
  return {};
}

Nanoseconds begin_next_period(ProviderThread& thread) {
  do {
    thread.period_began = thread.period_began + thread.attributes.period;
  } while (thread.period_began <= clock::now());
  return thread.period_began;
}

}  // namespace atl::sched::reservations
