// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/sched.hpp>
#include <atomic>
#include <cstdint>

namespace atl {

/// One owner at a time. Not recursive. Given to the thread that has waited
/// longest (a scheduler with priorities: of those with the highest), so that none
/// starves. With the option SCHED_PRIORITY_INHERITANCE its owner runs with the
/// priority of the most important that waits. See atoll/sync.hpp.
class Mutex {
 public:
  constexpr Mutex() = default;
  Mutex(const Mutex&) = delete;
  Mutex& operator=(const Mutex&) = delete;

  /// Waits as long as it takes, whatever happens. For short critical sections.
  /// Locking twice by the same thread is asserted.
  void lock();
  /// kDeadlock where the caller owns it; kTimedOut, kInterrupted: not locked. The owner
  /// inherits the caller's priority unless `inherits` is false.
  Result<void> lock(Deadline deadline, Interruptions by = Interruptions::kAny,
                    bool inherits = true);
  /// Never waits.
  [[nodiscard]] bool try_lock() {
    std::uintptr_t free = 0;
    return owner_.compare_exchange_strong(free, self(), std::memory_order_acq_rel,
                                          std::memory_order_relaxed);
  }
  /// By its owner only: asserted.
  void unlock() {
    if (!unlock_uncontended()) hand_over();
  }
  /// False, and nothing done, where the caller does not own it or somebody may wait.
  [[nodiscard]] bool unlock_uncontended() {
    std::uintptr_t uncontended = self();
    return owner_.compare_exchange_strong(uncontended, 0, std::memory_order_release,
                                          std::memory_order_relaxed);
  }

  [[nodiscard]] bool owned_by_current() const {
    return (owner_.load(std::memory_order_relaxed) & ~kContended) == self();
  }
  /// Whether nobody owns it, and nobody who did is inside unlock() any more: nobody else
  /// may come. By a thread.
  [[nodiscard]] bool is_out_of_use();

  /// By its owner, which ends: it stays locked for ever.
  void abandon();

  // atoll/lock.hpp's Guard and Locked<T, Mutex>.
  struct State {};
  State acquire() { return lock(), State{}; }
  void release(State) { unlock(); }

 private:
  static constexpr std::uintptr_t kContended = 1;
  static constexpr std::uintptr_t kNobody = 2;  // owns it, and will not unlock it

  static std::uintptr_t self() { return reinterpret_cast<std::uintptr_t>(&sched::current()); }
  static Thread& thread_of(std::uintptr_t owner) {
    return *reinterpret_cast<Thread*>(owner & ~kContended);
  }
  Result<void> wait(Deadline deadline, Interruptions by, bool inherits);
  void hand_over();

  // The owning Thread's address, kNobody, 0 where it is free; with kContended some may wait.
  std::atomic<std::uintptr_t> owner_ = 0;
  WaitQueue queue_;
};

namespace detail {
void lock_check_acquire_waiting(const void* lock, LockRank rank);
void lock_check_release_waiting(const void* lock);
}  // namespace detail

/// A Mutex with a place in the order of locks that wait (LockRank in atoll/lock.hpp): a
/// thread takes it only while all of this kind that it owns are of lower rank. Asserted
/// with the option LOCK_DEBUG; a plain Mutex without it.
template <LockRank Rank>
class RankedMutex : public Mutex {
 public:
  void lock() {
    check_acquire();
    Mutex::lock();
  }
  Result<void> lock(Deadline deadline, Interruptions by = Interruptions::kAny) {
    check_acquire();
    const Result<void> locked = Mutex::lock(deadline, by);
    if (!locked.ok()) check_release();
    return locked;
  }
  /// In any order: it does not wait. The ranks of those taken afterwards count.
  [[nodiscard]] bool try_lock() {
    if (!Mutex::try_lock()) return false;
    if constexpr (config::lock::kDebug) detail::lock_check_acquire_waiting(this, LockRank{});
    return true;
  }
  void unlock() {
    check_release();
    Mutex::unlock();
  }

  State acquire() { return lock(), State{}; }
  void release(State) { unlock(); }

 private:
  void check_acquire() {
    if constexpr (config::lock::kDebug) detail::lock_check_acquire_waiting(this, Rank);
  }
  void check_release() {
    if constexpr (config::lock::kDebug) detail::lock_check_release_waiting(this);
  }
};

}  // namespace atl
