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

Outcome block(Thread& self) {
  while (self.is_blocked()) Provider::block();
  return Internals::outcome(self);
}

}  // namespace

bool Internals::end_wait(Thread& thread, Outcome outcome, Interruptions by) {
  std::uint32_t wait = thread.wait_.load(std::memory_order_seq_cst);
  do {
    if ((wait & Thread::kBlocked) == 0) return false;
    if (any(by) && (wait & static_cast<std::uint32_t>(by)) == 0) return false;
  } while (!thread.wait_.compare_exchange_weak(wait, static_cast<std::uint32_t>(outcome),
                                               std::memory_order_acq_rel,
                                               std::memory_order_relaxed));
  return true;
}

Outcome Internals::sleep(Thread& self, Deadline deadline) {
  // Asked after begin_wait(), with the same order in interrupt(): one of the two
  // sees the other.
  const Interruptions asked{self.pending_.load(std::memory_order_seq_cst)};
  if (any(asked)) end_wait(self, Outcome::kInterrupted, asked);
  if (deadline.is_never() || !self.is_blocked()) return block(self);

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
