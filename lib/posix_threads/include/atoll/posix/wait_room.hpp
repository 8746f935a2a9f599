// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/sched.hpp>
#include <cstdint>

namespace atl::posix {

/// A WaitQueue inside an object that a program destroys as soon as nobody is blocked in
/// it, while those that were woken are still on their way out (POSIX.1-2017, XSH
/// pthread_cond_destroy(), the example there). All zero is an empty one.
class WaitRoom {
 public:
  class [[nodiscard]] Guard : public WaitQueue::Guard {
   public:
    explicit Guard(WaitRoom& room) : WaitQueue::Guard(room.queue_) {}
  };

  constexpr WaitRoom() = default;

  /// From here to leave(), the calling thread counts as being in the room.
  void enter(Guard&) { ++inside_; }
  void leave(Guard& guard) {
    if (--inside_ == 0 && closing_) queue_.wake_one(guard);
  }
  Result<void> wait(Guard& guard, Deadline deadline, Interruptions by) {
    enter(guard);
    const Result<void> waited = queue_.wait(guard, deadline, by);
    leave(guard);
    return waited;
  }
  bool wake_one(Guard& guard) { return queue_.wake_one(guard) != nullptr; }
  void wake_all(Guard& guard) { queue_.wake_all(guard); }
  [[nodiscard]] bool has_waiters(const Guard& guard) const { return queue_.has_waiters(guard); }

  /// Waits until all have left the room. Nobody else may come any more.
  void close(Guard& guard) {
    closing_ = true;
    while (inside_ > 0) {
      static_cast<void>(queue_.wait(guard, Deadline::never(), Interruptions::kNone));
    }
  }

 private:
  WaitQueue queue_;
  std::uint32_t inside_ = 0;
  bool closing_ = false;
};

}  // namespace atl::posix
