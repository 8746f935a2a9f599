// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/posix/interruption.hpp>
#include <atoll/posix/semaphore.hpp>

namespace atl::posix {

Result<void> Semaphore::take(WaitRoom::Guard& guard, Deadline deadline) {
  if (kind_ != kAlive) return fail(Errc::kInvalidArgument);
  // post() has spent the value on this thread when the wait is ok.
  if (value_ == 0) return room_.wait(guard, deadline, Interruptions::kAny);
  --value_;
  return {};
}

Result<void> Semaphore::wait(Deadline deadline) {
  cancellation_point();
  while (true) {
    {
      WaitRoom::Guard guard{room_};
      const Result<void> taken = take(guard, deadline);
      if (taken.ok() || taken.error() != Errc::kInterrupted) return taken;
    }
    if (interrupted() == Acted::kFail) return fail(Errc::kInterrupted);
  }
}

Result<void> Semaphore::try_wait() {
  WaitRoom::Guard guard{room_};
  if (kind_ != kAlive) return fail(Errc::kInvalidArgument);
  if (value_ == 0) return fail(Errc::kTryAgain);
  --value_;
  return {};
}

Result<void> Semaphore::post() {
  WaitRoom::Guard guard{room_};
  if (kind_ != kAlive) return fail(Errc::kInvalidArgument);
  if (value_ == kMost) return fail(Errc::kOverflow);
  if (!room_.wake_one(guard)) ++value_;
  return {};
}

Result<std::uint32_t> Semaphore::value() {
  WaitRoom::Guard guard{room_};
  if (kind_ != kAlive) return fail(Errc::kInvalidArgument);
  return value_;
}

Result<void> Semaphore::destroy() {
  WaitRoom::Guard guard{room_};
  if (kind_ != kAlive) return fail(Errc::kInvalidArgument);
  if (room_.has_waiters(guard)) return fail(Errc::kBusy);
  kind_ = 0;
  room_.close(guard);
  return {};
}

}  // namespace atl::posix
