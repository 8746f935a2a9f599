// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/read_write_lock.hpp>

namespace atl::posix {

/// A read-write lock as POSIX.1-2017 has it, XSH pthread_rwlock_rdlock(). All zero is a
/// free one. Waiting is that of atl::ReadWriteLock, which starves neither side; a thread that
/// reads already is let in, so that it may lock twice.
///
/// Context: threads; as Mutex.
class ReadWriteLock {
 public:
  constexpr ReadWriteLock() = default;
  ReadWriteLock(const ReadWriteLock&) = delete;
  ReadWriteLock& operator=(const ReadWriteLock&) = delete;

  /// kDeadlock: the caller has locked it for writing. kTryAgain: too many readers.
  /// kTimedOut. kInvalidArgument: destroyed, or never initialised.
  Result<void> lock_shared(Deadline deadline = Deadline::never());
  /// kBusy instead of waiting.
  Result<void> try_lock_shared();
  /// kDeadlock, kTimedOut, kInvalidArgument as above.
  Result<void> lock(Deadline deadline = Deadline::never());
  Result<void> try_lock();
  /// kNotPermitted: nobody has locked it, or another thread for writing.
  Result<void> unlock();
  /// kBusy where somebody has locked it or waits.
  Result<void> destroy();

 private:
  static constexpr std::uint32_t kDestroyed = 0xdead;

  std::uint32_t kind_ = 0;
  atl::ReadWriteLock core_;
};

}  // namespace atl::posix
