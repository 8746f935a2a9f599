// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/mutex.hpp>

namespace atl {

/// Waits for a condition on what a Mutex guards. See atoll/sync.hpp.
class ConditionVariable {
 public:
  constexpr ConditionVariable() = default;
  ConditionVariable(const ConditionVariable&) = delete;
  ConditionVariable& operator=(const ConditionVariable&) = delete;

  /// Unlocks `mutex`, which the caller owns, and waits for a notification, in one
  /// step; owns it again on return, whatever the result. Ask for the condition
  /// again: somebody may have been faster, and a wait may end without a reason.
  Result<void> wait(Mutex& mutex, Deadline deadline = Deadline::never(),
                    Interruptions by = Interruptions::kAny);

  /// Any context.
  void notify_one() { queue_.wake_one(); }
  void notify_all() { queue_.wake_all(); }

 private:
  WaitQueue queue_;
};

}  // namespace atl
