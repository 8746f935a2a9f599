// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/posix/condition.hpp>
#include <atoll/posix/interruption.hpp>

namespace atl::posix {

Result<void> Condition::wait(Mutex& mutex, Deadline deadline) {
  if (kind_ != 0) return fail(Errc::kInvalidArgument);
  if (!mutex.owned_by_current()) return fail(Errc::kNotPermitted);
  cancellation_point();
  Result<void> waited;
  std::uint32_t depth = 0;
  {
    // The mutex is given up inside the room's lock: who takes it and signals finds this
    // thread waiting.
    WaitRoom::Guard guard{room_};
    depth = mutex.release_for_wait();
    waited = room_.wait(guard, deadline, Interruptions::kCancellation | handled_meanwhile());
  }
  const bool interrupted = !waited.ok() && waited.error() == Errc::kInterrupted;
  if (interrupted) run_handlers();
  TRY(mutex.lock_after_wait(depth));
  if (!interrupted) return waited;
  cancellation_point();
  return {};
}

Result<void> Condition::signal() {
  if (kind_ != 0) return fail(Errc::kInvalidArgument);
  WaitRoom::Guard guard{room_};
  room_.wake_one(guard);
  return {};
}

Result<void> Condition::broadcast() {
  if (kind_ != 0) return fail(Errc::kInvalidArgument);
  WaitRoom::Guard guard{room_};
  room_.wake_all(guard);
  return {};
}

Result<void> Condition::destroy() {
  if (kind_ != 0) return fail(Errc::kInvalidArgument);
  WaitRoom::Guard guard{room_};
  if (room_.has_waiters(guard)) return fail(Errc::kBusy);
  kind_ = kDestroyed;
  room_.close(guard);
  return {};
}

}  // namespace atl::posix
