// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/assert.hpp>
#include <atoll/types.hpp>
#include <atomic>
#include <cstdint>

namespace atl {

/// Why a wait may be broken off; a set. A device that goes away is none of
/// them: its driver wakes the queue, and the condition tells.
enum class Interruptions : std::uint32_t {
  kNone = 0,
  kSignal = 1,        ///< a signal is to be delivered to the thread
  kCancellation = 2,  ///< somebody asked the thread to end
  kStop = 4,          ///< the image was asked to end
  kAny = 7,
};

constexpr Interruptions operator|(Interruptions left, Interruptions right) {
  return Interruptions{static_cast<std::uint32_t>(left) | static_cast<std::uint32_t>(right)};
}
constexpr Interruptions operator&(Interruptions left, Interruptions right) {
  return Interruptions{static_cast<std::uint32_t>(left) & static_cast<std::uint32_t>(right)};
}
constexpr bool any(Interruptions set) { return set != Interruptions::kNone; }

/// Calls a function at a moment; intrusive. Whoever owns it keeps it alive and
/// in place while it is armed: its end is asserted to come later. lib/deadline arms
/// and cancels it: this is only its shape.
class Timer {
 public:
  /// Runs in interrupt context, interrupts masked, on the CPU that armed the
  /// timer, at or after its moment; the timer is disarmed by then, and may be
  /// armed again or destroyed by the callback.
  using Callback = void (*)(Timer& timer);

  constexpr explicit Timer(Callback callback) : callback_(callback) {}
  ~Timer() { ATOLL_ASSERT(next_ == nullptr); }
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

 private:
  friend class CpuTimers;
  friend class TimerWheel;
  Timer* next_ = nullptr;  // null: not armed
  Timer* previous_ = nullptr;
  Nanoseconds when_;
  Callback callback_;
  // That armed it last. Atomic, as who cancels one whose callback arms it again asks while
  // that says once more where it is.
  std::atomic<std::uint32_t> cpu_ = 0;
  std::uint8_t slot_ = 0;
};

/// How a Deadline reaches the timers without naming them.
struct TimerService {
  /// Arms `timer`; false, and not armed, where `when` has passed.
  bool (*arm)(Timer& timer, Nanoseconds when);
  /// Disarms it; afterwards its callback does not run and is not running.
  void (*cancel)(Timer& timer);
};

/// Until when to wait, on clock::now()'s clock. A value.
///
/// It carries the timers it needs: Deadline::never() needs none, finite ones
/// come from deadline::at() and deadline::after() (lib/deadline). So an image
/// in which nobody waits for a moment holds neither timers nor a clock.
class Deadline {
 public:
  static constexpr Deadline never() { return Deadline{}; }
  constexpr Deadline(Nanoseconds when, const TimerService& service)
      : when_(when), service_(&service) {}

  [[nodiscard]] constexpr bool is_never() const { return service_ == nullptr; }
  /// Meaningless for never().
  [[nodiscard]] constexpr Nanoseconds when() const { return when_; }
  [[nodiscard]] constexpr const TimerService* service() const { return service_; }

 private:
  constexpr Deadline() = default;
  Nanoseconds when_;
  const TimerService* service_ = nullptr;
};

}  // namespace atl
