// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/assert.hpp>
#include <atoll/mutex.hpp>

namespace atl {

// A thread that waits has set kContended, under the queue's lock, before it sleeps: an
// owner that finds it goes there, too. Without it a single exchange is enough.

void Mutex::lock() {
  if (try_lock()) return;
  const Result<void> result = wait(Deadline::never(), Interruptions::kNone, true);
  ATOLL_ASSERT(result.ok());
}

Result<void> Mutex::lock(Deadline deadline, Interruptions by, bool inherits) {
  if (try_lock()) return {};
  return wait(deadline, by, inherits);
}

Result<void> Mutex::wait(Deadline deadline, Interruptions by, bool inherits) {
  WaitQueue::Guard guard{queue_};
  // Acquire, where it is somebody else's too: what waits reads of its owner's Thread, which
  // the owner publishes with its address.
  std::uintptr_t before = owner_.load(std::memory_order_acquire);
  std::uintptr_t after = 0;
  do {
    if (before == 0) {
      after = self();  // given up meanwhile, and nobody else waits
    } else if ((before & ~kContended) == self()) {
      return fail(Errc::kDeadlock);
    } else {
      after = before | kContended;
    }
  } while (!owner_.compare_exchange_weak(before, after, std::memory_order_acq_rel,
                                         std::memory_order_acquire));
  if (before == 0) return {};
  if ((before & ~kContended) == kNobody) return queue_.wait(guard, deadline, by);
  // unlock() has made this thread the owner when the wait is ok.
  return queue_.wait_for(guard, thread_of(before), deadline, by, inherits);
}

void Mutex::hand_over() {
  WaitQueue::Guard guard{queue_};
  ATOLL_ASSERT(owned_by_current());
  const auto next = reinterpret_cast<std::uintptr_t>(queue_.hand_over(guard));
  const bool more = next != 0 && queue_.has_waiters(guard);
  owner_.store(more ? next | kContended : next, std::memory_order_release);
}

void Mutex::abandon() {
  WaitQueue::Guard guard{queue_};
  ATOLL_ASSERT(owned_by_current());
  owner_.store(kNobody, std::memory_order_relaxed);
}

bool Mutex::is_out_of_use() {
  WaitQueue::Guard guard{queue_};
  return owner_.load(std::memory_order_relaxed) == 0;
}

}  // namespace atl
