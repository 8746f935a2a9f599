// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/sched.hpp>
#include <atomic>
#include <cstdint>
#include <utility>

namespace atl {

/// Something to be done by whoever needs it first, while the others wait. See
/// atoll/sync.hpp.
class Once {
 public:
  constexpr Once() = default;
  Once(const Once&) = delete;
  Once& operator=(const Once&) = delete;

  /// Returns when `function` has returned, whoever called it. It must not call for the
  /// same Once.
  template <typename Function>
  void call(Function&& function) {
    if (is_done() || !begin(Deadline::never(), Interruptions::kNone).value()) return;
    std::forward<Function>(function)();
    end(true);
  }

  /// call() in parts: whether the caller is to do it, and then to call end(). Waits while
  /// another does it; kTimedOut, kInterrupted: neither is known. kInvalidArgument: was never
  /// made, nor all zero.
  Result<bool> begin(Deadline deadline = Deadline::never(), Interruptions by = Interruptions::kAny);
  /// After begin() gave true. Unless `done`, the next caller is to do it.
  void end(bool done);

  /// Any context.
  [[nodiscard]] bool is_done() const { return state_.load(std::memory_order_acquire) == kDone; }

 private:
  enum : std::uint32_t { kFresh, kRunning, kDone };

  std::atomic<std::uint32_t> state_ = kFresh;  // written under queue_
  WaitQueue queue_;
};

}  // namespace atl
