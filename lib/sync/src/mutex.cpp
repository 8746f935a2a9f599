// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/assert.hpp>
#include <atoll/sync.hpp>

namespace atl {

// A thread that waits has set kContended, under the queue's lock, before it sleeps: an
// owner that finds it goes there, too. Without it a single exchange is enough.

void Mutex::lock() {
  if (try_lock()) return;
  const Result<void> result = wait(Deadline::never(), Interruptions::kNone);
  ATOLL_ASSERT(result.ok());
}

Result<void> Mutex::lock(Deadline deadline, Interruptions by) {
  if (try_lock()) return {};
  return wait(deadline, by);
}

Result<void> Mutex::wait(Deadline deadline, Interruptions by) {
  WaitQueue::Guard guard{queue_};
  std::uintptr_t before = owner_.load(std::memory_order_relaxed);
  std::uintptr_t after = 0;
  do {
    if (before == 0) {
      after = self();  // given up meanwhile, and nobody else waits
    } else if ((before & ~kContended) == self()) {
      return fail(Errc::kDeadlock);
    } else {
      after = before | kContended;
    }
  } while (!owner_.compare_exchange_weak(before, after, std::memory_order_acquire,
                                         std::memory_order_relaxed));
  if (before == 0) return {};
  // unlock() has made this thread the owner when the wait is ok.
  return queue_.wait(guard, deadline, by);
}

void Mutex::unlock() {
  std::uintptr_t uncontended = self();
  if (owner_.compare_exchange_strong(uncontended, 0, std::memory_order_release,
                                     std::memory_order_relaxed)) {
    return;
  }
  hand_over();
}

void Mutex::hand_over() {
  WaitQueue::Guard guard{queue_};
  ATOLL_ASSERT(owned_by_current());
  const auto next = reinterpret_cast<std::uintptr_t>(queue_.wake_one(guard));
  const bool more = next != 0 && queue_.has_waiters(guard);
  owner_.store(more ? next | kContended : next, std::memory_order_release);
}

}  // namespace atl
