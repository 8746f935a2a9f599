// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/posix/wait_room.hpp>

namespace atl::posix {

/// A semaphore as POSIX.1-2017 has it, XSH sem_wait(). All zero is none.
class Semaphore {
 public:
  static constexpr std::uint32_t kMost = 2'147'483'647;  ///< SEM_VALUE_MAX

  constexpr explicit Semaphore(std::uint32_t value) : kind_(kAlive), value_(value) {}
  Semaphore(const Semaphore&) = delete;
  Semaphore& operator=(const Semaphore&) = delete;

  /// Takes one; waits for it, in turn. A cancellation point. kTimedOut; kInterrupted: a
  /// handler ran that does not restart it, or a stop request. kInvalidArgument: destroyed,
  /// or never initialised. By a thread.
  Result<void> wait(Deadline deadline = Deadline::never());
  /// kTryAgain instead of waiting. Any context.
  Result<void> try_wait();
  /// kOverflow beyond kMost. Any context.
  Result<void> post();
  Result<std::uint32_t> value();
  /// kBusy while somebody waits.
  Result<void> destroy();

 private:
  static constexpr std::uint32_t kAlive = 0x5e3a;

  Result<void> take(WaitRoom::Guard& guard, Deadline deadline);

  std::uint32_t kind_;
  std::uint32_t value_;  // under room_; 0 while somebody waits
  WaitRoom room_;
};

}  // namespace atl::posix
