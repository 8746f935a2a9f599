// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/once.hpp>

namespace atl {

Result<bool> Once::begin(Deadline deadline, Interruptions by) {
  const std::uint32_t state = state_.load(std::memory_order_acquire);
  if (state == kDone) return false;
  if (state > kDone) return fail(Errc::kInvalidArgument);
  WaitQueue::Guard guard{queue_};
  while (state_.load(std::memory_order_relaxed) == kRunning) {
    TRY(queue_.wait(guard, deadline, by));
  }
  if (state_.load(std::memory_order_relaxed) == kDone) return false;
  state_.store(kRunning, std::memory_order_relaxed);
  return true;
}

void Once::end(bool done) {
  WaitQueue::Guard guard{queue_};
  state_.store(done ? kDone : kFresh, std::memory_order_release);
  queue_.wake_all(guard);
}

}  // namespace atl
