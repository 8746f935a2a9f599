// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/config/sched.hpp>
#include <atoll/lock.hpp>
#include <atoll/result.hpp>
#include <atoll/wait.hpp>
#include <cstddef>

namespace atl {

class Thread;

namespace detail {
struct Waiter;
class FutexBucket;
}  // namespace detail

/// Threads that wait for a condition, and the lock of that condition.
///
/// The waiter asks for the condition and waits under the Guard, the waker makes
/// it true under the Guard, so no wake-up is lost:
///
///     WaitQueue::Guard guard{queue};         WaitQueue::Guard guard{queue};
///     while (!ready) {                       ready = true;
///       TRY(queue.wait(guard, deadline));    queue.wake_one(guard);
///     }
///
/// An all-zero WaitQueue is an empty one. Nobody may wait in a queue that is
/// destroyed. Atoll's own locks (atoll/sync.hpp) are made of it.
class WaitQueue {
 public:
  /// Holds the queue's lock for a scope, interrupts masked. Any context. While
  /// it is held: no other lock that waits, no call that may wait but wait().
  class [[nodiscard]] Guard {
   public:
    explicit Guard(WaitQueue& queue) : queue_(queue), state_(queue.lock_.acquire()) {}
    ~Guard() { queue_.lock_.release(state_); }
    Guard(const Guard&) = delete;
    Guard& operator=(const Guard&) = delete;

   private:
    friend class WaitQueue;
    WaitQueue& queue_;
    IrqSpinLock::State state_;
  };

  constexpr WaitQueue() = default;
  WaitQueue(const WaitQueue&) = delete;
  WaitQueue& operator=(const WaitQueue&) = delete;

  /// Gives up the lock of `guard`, which holds this queue's lock and is the only
  /// one held, and blocks until somebody wakes this thread; takes the lock
  /// again before it returns, whatever the result. Only a thread may wait: not
  /// an interrupt handler, not under a spin lock, not with preemption disabled.
  ///
  /// kTimedOut: `deadline` has come; where it had passed before, other ready
  /// threads get a turn.
  /// kInterrupted: one of `by` is pending for this thread, at once where it was
  /// before; it stays pending (sched::take_interruptions()).
  /// A wake-up wins over both: who was counted as woken gets ok.
  Result<void> wait(Guard& guard, Deadline deadline = Deadline::never(),
                    Interruptions by = Interruptions::kAny);

  /// wait(), for what `owner` has until it calls hand_over(): a mutex. With the option
  /// SCHED_PRIORITY_INHERITANCE the owner runs meanwhile with at least this thread's
  /// priority, if it `inherits`; so do those that the owner waits for in turn. With
  /// LOCK_DEBUG a wait that closes a circle of owners, all of which wait for ever, is a
  /// panic that names them. `owner` must not end while it owns.
  Result<void> wait_for(Guard& guard, Thread& owner, Deadline deadline, Interruptions by,
                        bool inherits = true) {
    if constexpr (kTracksOwners) return wait_tracked(guard, owner, deadline, by, inherits);
    return wait(guard, deadline, by);
  }
  /// wake_one(), by the owner: the thread woken owns from here on.
  Thread* hand_over(Guard& guard) {
    if constexpr (kTracksOwners) return hand_over_tracked(guard);
    return wake_one(guard);
  }

  /// Wakes the thread that has waited longest (a scheduler with priorities: of
  /// those with the highest); it runs when the scheduler comes to it. Any
  /// context. The thread woken, or null: it may be gone once the guard is.
  Thread* wake_one(Guard& guard);
  /// Wakes all that wait now; their number.
  std::size_t wake_all(Guard& guard);

  Thread* wake_one() {
    Guard guard{*this};
    return wake_one(guard);
  }
  std::size_t wake_all() {
    Guard guard{*this};
    return wake_all(guard);
  }

  /// Whether somebody waits.
  [[nodiscard]] bool has_waiters(const Guard&) const { return first_ != nullptr; }

 private:
  friend class detail::FutexBucket;

  static constexpr bool kTracksOwners = config::sched::kTracksOwners;

  Result<void> wait(Guard& guard, detail::Waiter& waiter, Deadline deadline, Interruptions by);
  Result<void> wait_tracked(Guard& guard, Thread& owner, Deadline deadline, Interruptions by,
                            bool inherits);
  Thread* hand_over_tracked(Guard& guard);
  bool wake(detail::Waiter& waiter);
  detail::Waiter& first_to_wake();
  void append(detail::Waiter& waiter);
  void remove(detail::Waiter& waiter);

  detail::Waiter* first_ = nullptr;
  detail::Waiter* last_ = nullptr;
  IrqSpinLock lock_;
};

}  // namespace atl
