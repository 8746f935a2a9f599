// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/semaphore.hpp>

#include <limits>

namespace atl {

Result<void> Semaphore::acquire(Deadline deadline, Interruptions by) {
  WaitQueue::Guard guard{queue_};
  // release() has spent the permit on this thread when the wait is ok.
  if (permits_ == 0) return queue_.wait(guard, deadline, by);
  --permits_;
  return {};
}

bool Semaphore::try_acquire() {
  WaitQueue::Guard guard{queue_};
  if (permits_ == 0) return false;
  --permits_;
  return true;
}

Result<void> Semaphore::release(std::uint32_t permits) {
  WaitQueue::Guard guard{queue_};
  if (permits > std::numeric_limits<std::uint32_t>::max() - permits_) {
    return fail(Errc::kOverflow);
  }
  while (permits > 0 && queue_.wake_one(guard) != nullptr) --permits;
  permits_ += permits;
  return {};
}

std::uint32_t Semaphore::permits() const {
  WaitQueue::Guard guard{queue_};
  return permits_;
}

}  // namespace atl
