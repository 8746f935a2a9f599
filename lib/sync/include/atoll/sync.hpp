// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/sched.hpp>
#include <atomic>
#include <cstddef>
#include <cstdint>

/// Locks that wait, on top of WaitQueue; the same for every scheduler.
///
/// An all-zero object is a fresh one (a Semaphore: empty), so they live in .bss
/// without a constructor. Nobody may hold or wait in one that is destroyed.
/// Waits follow WaitQueue::wait(): kTimedOut, kInterrupted, threads only. What
/// never waits may be called in any context where this says so.
namespace atl {

/// One owner at a time. Not recursive. Given to the thread that has waited
/// longest, so that none starves; no priority inheritance is promised.
class Mutex {
 public:
  constexpr Mutex() = default;
  Mutex(const Mutex&) = delete;
  Mutex& operator=(const Mutex&) = delete;

  /// Waits as long as it takes, whatever happens. For short critical sections.
  /// Locking twice by the same thread is asserted.
  void lock();
  /// kDeadlock where the caller owns it; kTimedOut, kInterrupted: not locked.
  Result<void> lock(Deadline deadline, Interruptions by = Interruptions::kAny);
  /// Never waits.
  [[nodiscard]] bool try_lock() {
    std::uintptr_t free = 0;
    return owner_.compare_exchange_strong(free, self(), std::memory_order_acquire,
                                          std::memory_order_relaxed);
  }
  /// By its owner only: asserted.
  void unlock();

  [[nodiscard]] bool owned_by_current() const {
    return (owner_.load(std::memory_order_relaxed) & ~kContended) == self();
  }

  // atoll/lock.hpp's Guard and Locked<T, Mutex>.
  struct State {};
  State acquire() { return lock(), State{}; }
  void release(State) { unlock(); }

 private:
  static constexpr std::uintptr_t kContended = 1;

  static std::uintptr_t self() { return reinterpret_cast<std::uintptr_t>(&sched::current()); }
  Result<void> wait(Deadline deadline, Interruptions by);
  void hand_over();

  // The owning Thread's address, 0 where there is none; with kContended some may wait.
  std::atomic<std::uintptr_t> owner_ = 0;
  WaitQueue queue_;
};

/// Waits for a condition on what a Mutex guards.
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

/// A number of permits.
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

/// Something that happens, once or until reset: a request's completion.
class Event {
 public:
  constexpr Event() = default;
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;

  /// Returns at once while it is set.
  Result<void> wait(Deadline deadline = Deadline::never(), Interruptions by = Interruptions::kAny);
  /// Wakes all who wait; it stays set. Any context.
  void set();
  /// Any context.
  void reset();
  /// Any context.
  [[nodiscard]] bool is_set() const;

 private:
  mutable WaitQueue queue_;
  bool set_ = false;  // under queue_
};

}  // namespace atl
