// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/event.hpp>

namespace atl {

Result<void> Event::wait(Deadline deadline, Interruptions by) {
  WaitQueue::Guard guard{queue_};
  if (set_) return {};
  return queue_.wait(guard, deadline, by);
}

void Event::set() {
  WaitQueue::Guard guard{queue_};
  set_ = true;
  queue_.wake_all(guard);
}

void Event::reset() {
  WaitQueue::Guard guard{queue_};
  set_ = false;
}

bool Event::is_set() const {
  WaitQueue::Guard guard{queue_};
  return set_;
}

}  // namespace atl
