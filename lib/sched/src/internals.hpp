// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/sched.hpp>

namespace atl::sched {

/// How a wait ended.
enum class Outcome : std::uint32_t { kWoken, kTimedOut, kInterrupted };

/// A scheduler for which a changed priority counts at once: see SchedulerContract.
template <typename P>
concept KnowsPriorityChanges = requires(Thread& thread) {
  { P::priority_changed(thread) } -> std::same_as<void>;
};

/// Whether of two that wait `left` is woken first, where there are priorities.
template <typename P>
bool woken_before(const Thread& left, const Thread& right) {
  if constexpr (requires { P::goes_before(left, right); }) {
    return P::goes_before(left, right);
  } else {
    return left.priority() > right.priority();
  }
}

/// What set_scheduling() and create() refuse, whichever thread it is for.
template <typename P = Provider>
Result<void> check_scheduling(const Scheduling& scheduling) {
  if (scheduling.priority > ThreadOptions::kHighestPriority) return fail(Errc::kInvalidArgument);
  if (scheduling.policy == Policy::kDeadline && !AttributesContract<P>) {
    return fail(Errc::kNotSupported);
  }
  return {};
}

/// The parts of a Thread that are the same for every scheduler.
class Internals {
 public:
  /// From here on `thread` counts as blocked; whoever ends the wait first
  /// decides its outcome.
  static void begin_wait(Thread& thread, Interruptions by) {
    thread.wait_.store(Thread::kBlocked | static_cast<std::uint32_t>(by),
                       std::memory_order_seq_cst);
  }

  /// Ends the wait of `thread`; false where it has ended before. `by` other than
  /// kNone: only if one of them may break it.
  static bool end_wait(Thread& thread, Outcome outcome, Interruptions by = Interruptions::kNone) {
    std::uint32_t wait = thread.wait_.load(std::memory_order_seq_cst);
    do {
      if ((wait & Thread::kBlocked) == 0) return false;
      if (any(by) && (wait & static_cast<std::uint32_t>(by)) == 0) return false;
    } while (!thread.wait_.compare_exchange_weak(wait, static_cast<std::uint32_t>(outcome),
                                                 std::memory_order_acq_rel,
                                                 std::memory_order_relaxed));
    return true;
  }

  /// end_wait(), and `thread` runs again. Interrupts masked.
  static bool wake(Thread& thread, Outcome outcome, Interruptions by = Interruptions::kNone) {
    if (!end_wait(thread, outcome, by)) return false;
    Provider::make_ready(thread);
    return true;
  }

  /// After begin_wait(), interrupts masked, no lock held: blocks the current
  /// thread until its wait has ended.
  static Outcome sleep(Thread& self, Deadline deadline) {
    // Asked after begin_wait(), with the same order in interrupt(): one of the two
    // sees the other.
    const Interruptions asked{self.pending_.load(std::memory_order_seq_cst)};
    if (any(asked)) end_wait(self, Outcome::kInterrupted, asked);
    if (!deadline.is_never() && self.is_blocked()) return sleep_until(self, deadline);
    return block(self);
  }

  static Outcome outcome(const Thread& thread) {
    return Outcome{thread.wait_.load(std::memory_order_acquire)};
  }

  static std::atomic<std::uint32_t>& pending(Thread& thread) { return thread.pending_; }
  static WaitQueue& exit_queue(Thread& thread) { return thread.exit_queue_; }
  static bool& detached(Thread& thread) { return thread.detached_; }
  static bool& joining(Thread& thread) { return thread.joining_; }
  static bool& exited(Thread& thread) { return thread.exited_; }
  static auto& loans(Thread& thread) { return thread.loans_; }
  /// From now on `thread` counts with `priority`, at once where the scheduler can do so.
  static void change_priority(Thread& thread, std::uint8_t priority);
  static std::atomic<CpuMask>& affinity(Thread& thread) { return thread.affinity_; }
  static std::atomic<Policy>& policy(Thread& thread) { return thread.policy_; }
  static ExitHook*& exit_hooks(Thread& thread) { return thread.exit_hooks_; }

 private:
  static Outcome block(Thread& self) {
    while (self.is_blocked()) Provider::block();
    return outcome(self);
  }
  // sleep(), with a timer that ends it.
  static Outcome sleep_until(Thread& self, Deadline deadline);
};

}  // namespace atl::sched
