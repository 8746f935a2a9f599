// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/libc_types.hpp>
#include <atoll/posix/mutex.hpp>
#include <atoll/posix/wait_room.hpp>

namespace atl::posix {

/// A condition variable as POSIX.1-2017 has it, XSH pthread_cond_timedwait(). All zero is
/// a fresh one on the realtime clock.
class Condition {
 public:
  constexpr explicit Condition(int clock = libc::kRealtime) : clock_(clock) {}
  Condition(const Condition&) = delete;
  Condition& operator=(const Condition&) = delete;

  /// Unlocks `mutex`, waits for a signal, and locks it again, whatever the result; a
  /// cancellation point, with the mutex locked when it acts. Ok also without a reason, as
  /// after a signal's handler. kNotPermitted: the caller has not locked the mutex.
  /// kTimedOut. kOwnerDied, kNotRecoverable: the mutex's.
  Result<void> wait(Mutex& mutex, Deadline deadline = Deadline::never());
  Result<void> signal();
  Result<void> broadcast();
  /// kBusy while somebody waits. Waits for those that a signal has woken to be gone.
  Result<void> destroy();

  /// That of its timeouts.
  [[nodiscard]] int clock() const { return clock_; }

 private:
  static constexpr std::uint32_t kDestroyed = 0xdead;

  std::uint32_t kind_ = 0;
  int clock_;
  WaitRoom room_;
};

}  // namespace atl::posix
