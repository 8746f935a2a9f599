// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "internals.hpp"

namespace atl::sched {
namespace {

struct WaitTimer : Timer {
  explicit WaitTimer(Thread& waiting) : Timer(expire), thread(waiting) {}
  static void expire(Timer& timer) {
    Internals::wake(static_cast<WaitTimer&>(timer).thread, Outcome::kTimedOut);
  }
  Thread& thread;
};

}  // namespace

Outcome Internals::sleep_until(Thread& self, Deadline deadline) {
  WaitTimer timer{self};
  if (!deadline.service()->arm(timer, deadline.when())) {
    // A thread that polls must not starve those it polls for.
    if (end_wait(self, Outcome::kTimedOut)) Provider::yield();
    return block(self);
  }
  const Outcome outcome = block(self);
  deadline.service()->cancel(timer);
  return outcome;
}

Result<void> sleep_until(Deadline deadline, Interruptions by) {
  WaitQueue nobody_wakes;
  WaitQueue::Guard guard{nobody_wakes};
  const Result<void> result = nobody_wakes.wait(guard, deadline, by);
  if (result.error() == Errc::kTimedOut) return {};
  return result;
}

}  // namespace atl::sched
