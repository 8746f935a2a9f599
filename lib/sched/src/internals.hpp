// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/sched.hpp>

namespace atl::sched {

/// How a wait ended.
enum class Outcome : std::uint32_t { kWoken, kTimedOut, kInterrupted };

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
  static bool end_wait(Thread& thread, Outcome outcome, Interruptions by = Interruptions::kNone);

  /// end_wait(), and `thread` runs again. Interrupts masked.
  static bool wake(Thread& thread, Outcome outcome, Interruptions by = Interruptions::kNone) {
    if (!end_wait(thread, outcome, by)) return false;
    Provider::make_ready(thread);
    return true;
  }

  /// After begin_wait(), interrupts masked, no lock held: blocks the current
  /// thread until its wait has ended.
  static Outcome sleep(Thread& self, Deadline deadline);

  static Outcome outcome(const Thread& thread) {
    return Outcome{thread.wait_.load(std::memory_order_acquire)};
  }

  static std::atomic<std::uint32_t>& pending(Thread& thread) { return thread.pending_; }
  static WaitQueue& exit_queue(Thread& thread) { return thread.exit_queue_; }
  static bool& detached(Thread& thread) { return thread.detached_; }
  static bool& joining(Thread& thread) { return thread.joining_; }
  static bool& exited(Thread& thread) { return thread.exited_; }
  static ExitHook*& exit_hooks(Thread& thread) { return thread.exit_hooks_; }
};

}  // namespace atl::sched
