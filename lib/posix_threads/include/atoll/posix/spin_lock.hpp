// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/sched.hpp>
#include <atomic>
#include <cstdint>

namespace atl::posix {

/// POSIX.1-2017, XSH pthread_spin_lock(), in the room of a number. Who finds it taken asks
/// again, then lets others run, then sleeps for a millisecond at a time, so that the owner
/// gets a CPU whatever its priority.
class SpinLock {
 public:
  constexpr SpinLock() = default;

  /// kDeadlock where the caller has it. By a thread.
  Result<void> lock();
  /// kBusy where somebody has it.
  Result<void> try_lock();
  /// kNotPermitted where the caller has it not.
  Result<void> unlock();
  /// kBusy where somebody has it.
  Result<void> destroy();

 private:
  std::atomic<std::uint32_t> owner_ = 0;  // Thread::id()
};

}  // namespace atl::posix
