// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/posix/barrier.hpp>
#include <atoll/posix/interruption.hpp>

namespace atl::posix {

Result<bool> Barrier::wait() {
  std::uint32_t round = 0;
  {
    WaitRoom::Guard guard{room_};
    if (threads_ == 0) return fail(Errc::kInvalidArgument);
    if (++arrived_ == threads_) {
      arrived_ = 0;
      ++round_;
      room_.wake_all(guard);
      return true;
    }
    round = round_;
    room_.enter(guard);
  }
  // It has arrived: whatever interrupts it, it goes when the others have come.
  while (true) {
    {
      WaitRoom::Guard guard{room_};
      while (round_ == round && room_.wait(guard, Deadline::never(), handled_meanwhile()).ok()) {
      }
      if (round_ != round) {
        room_.leave(guard);
        return false;
      }
    }
    run_handlers();
  }
}

Result<void> Barrier::destroy() {
  WaitRoom::Guard guard{room_};
  if (threads_ == 0) return fail(Errc::kInvalidArgument);
  if (arrived_ > 0) return fail(Errc::kBusy);
  threads_ = 0;
  room_.close(guard);
  return {};
}

}  // namespace atl::posix
