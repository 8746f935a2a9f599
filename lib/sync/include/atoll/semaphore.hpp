// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/sched.hpp>
#include <cstdint>

namespace atl {

/// A number of permits. See atoll/sync.hpp.
class Semaphore {
 public:
  constexpr explicit Semaphore(std::uint32_t permits = 0) : permits_(permits) {}
  Semaphore(const Semaphore&) = delete;
  Semaphore& operator=(const Semaphore&) = delete;

  /// Takes a permit; waits for one, in turn. kTimedOut, kInterrupted: none taken.
  Result<void> acquire(Deadline deadline = Deadline::never(),
                       Interruptions by = Interruptions::kAny);
  /// Never waits. Any context.
  [[nodiscard]] bool try_acquire();
  /// Adds permits, first to those who wait. kOverflow, and none added, beyond
  /// 2^32 - 1. Any context.
  Result<void> release(std::uint32_t permits = 1);
  /// A snapshot. Any context.
  [[nodiscard]] std::uint32_t permits() const;

 private:
  mutable WaitQueue queue_;
  std::uint32_t permits_;  // under queue_; 0 while somebody waits
};

}  // namespace atl
