// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/posix/wait_room.hpp>

namespace atl::posix {

/// A barrier as POSIX.1-2017 has it, XSH pthread_barrier_wait(). All zero is none: its
/// waits are kInvalidArgument.
///
/// Context: threads; no wait is a cancellation point or fails with kInterrupted.
class Barrier {
 public:
  /// For so many threads, at least one.
  constexpr explicit Barrier(std::uint32_t threads) : threads_(threads) {}
  Barrier(const Barrier&) = delete;
  Barrier& operator=(const Barrier&) = delete;

  /// Waits until all of them have come. True in one of them.
  Result<bool> wait();
  /// kBusy while some wait. Waits for those to be gone that a full barrier has let go.
  Result<void> destroy();

 private:
  std::uint32_t threads_;  // 0 once destroyed
  std::uint32_t arrived_ = 0;
  std::uint32_t round_ = 0;
  WaitRoom room_;
};

}  // namespace atl::posix
