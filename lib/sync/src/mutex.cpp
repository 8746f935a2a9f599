// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/assert.hpp>
#include <atoll/sync.hpp>

namespace atl {

void Mutex::lock() {
  const Result<void> result = lock(Deadline::never(), Interruptions::kNone);
  ATOLL_ASSERT(result.ok());
}

Result<void> Mutex::lock(Deadline deadline, Interruptions by) {
  Thread* const self = &sched::current();
  WaitQueue::Guard guard{queue_};
  if (owner_ == self) return fail(Errc::kDeadlock);
  if (owner_ != nullptr) {
    // unlock() has made this thread the owner when the wait is ok.
    return queue_.wait(guard, deadline, by);
  }
  owner_ = self;
  return {};
}

bool Mutex::try_lock() {
  WaitQueue::Guard guard{queue_};
  if (owner_ != nullptr) return false;
  owner_ = &sched::current();
  return true;
}

void Mutex::unlock() {
  WaitQueue::Guard guard{queue_};
  ATOLL_ASSERT(owner_ == &sched::current());
  owner_ = queue_.wake_one(guard);
}

}  // namespace atl
