// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/condition_variable.hpp>

namespace atl {

Result<void> ConditionVariable::wait(Mutex& mutex, Deadline deadline, Interruptions by) {
  Result<void> result;
  {
    // The mutex is given up inside the queue's lock: who takes it and notifies
    // finds this thread waiting.
    WaitQueue::Guard guard{queue_};
    mutex.unlock();
    result = queue_.wait(guard, deadline, by);
  }
  mutex.lock();
  return result;
}

}  // namespace atl
