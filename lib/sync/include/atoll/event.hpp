// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/sched.hpp>

namespace atl {

/// Something that happens, once or until reset: a request's completion. See
/// atoll/sync.hpp.
class Event {
 public:
  constexpr Event() = default;
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;

  /// Returns at once while it is set.
  Result<void> wait(Deadline deadline = Deadline::never(), Interruptions by = Interruptions::kAny);
  /// Wakes all who wait; it stays set. Any context.
  void set();
  /// Any context.
  void reset();
  /// Any context.
  [[nodiscard]] bool is_set() const;

 private:
  mutable WaitQueue queue_;
  bool set_ = false;  // under queue_
};

}  // namespace atl
