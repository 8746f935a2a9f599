// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/sched.hpp>
#include <atomic>
#include <cstdint>

namespace atl {

/// Many that read, or one that writes. Neither side starves: a writer that waits keeps
/// new readers out, and the readers that have come while a writer had it are next. See
/// atoll/sync.hpp; no priority is inherited.
class ReadWriteLock {
 public:
  constexpr ReadWriteLock() = default;
  ReadWriteLock(const ReadWriteLock&) = delete;
  ReadWriteLock& operator=(const ReadWriteLock&) = delete;

  /// To read. kDeadlock: the caller has it for writing. kOverflow: 2^32 - 1 read.
  /// kTimedOut, kInterrupted: not locked. A thread that reads already says `again` and
  /// passes the writers that wait, which otherwise wait for it as it for them.
  Result<void> lock_shared(Deadline deadline = Deadline::never(),
                           Interruptions by = Interruptions::kAny, bool again = false);
  /// kBusy instead of waiting.
  Result<void> try_lock_shared(bool again = false);
  /// To write. kDeadlock: the caller has it for writing. kTimedOut, kInterrupted.
  Result<void> lock(Deadline deadline = Deadline::never(), Interruptions by = Interruptions::kAny);
  /// Never waits.
  [[nodiscard]] bool try_lock();

  /// After either. kNotPermitted: nobody has it, or another for writing. That the caller
  /// reads is not checked.
  Result<void> unlock();

  [[nodiscard]] bool owned_by_current() const {
    return owner_.load(std::memory_order_relaxed) == &sched::current();
  }
  /// Whether nobody has it or waits, and nobody who had it is inside unlock() any more.
  [[nodiscard]] bool is_out_of_use();

  // Guard and Locked<T, ReadWriteLock> of atoll/lock.hpp write.
  struct State {};
  State acquire();
  void release(State);

 private:
  [[nodiscard]] bool may_read(bool again) const;
  Result<void> add_reader();
  Result<void> wait_shared(std::uint32_t admissions, Deadline deadline, Interruptions by);
  void admit_readers();

  std::uint32_t readers_ = 0;  // all of it under writers_
  std::uint32_t readers_waiting_ = 0;
  std::uint32_t writers_waiting_ = 0;
  std::atomic<std::uint32_t> admissions_ = 0;  // of those that wait to read; read by them
  std::atomic<Thread*> owner_ = nullptr;
  WaitQueue writers_;
  WaitQueue readers_queue_;  // its lock is taken inside that of writers_
};

/// Holds a ReadWriteLock for reading for a scope. Waits as long as it takes.
class [[nodiscard]] ReadGuard {
 public:
  explicit ReadGuard(ReadWriteLock& lock);
  ~ReadGuard();
  ReadGuard(const ReadGuard&) = delete;
  ReadGuard& operator=(const ReadGuard&) = delete;

 private:
  ReadWriteLock& lock_;
};

}  // namespace atl
