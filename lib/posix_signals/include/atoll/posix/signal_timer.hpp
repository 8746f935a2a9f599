// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/posix/signal_abi.hpp>
#include <atoll/result.hpp>
#include <atoll/types.hpp>

/// Timers that send signals: POSIX.1-2017 timer_create() and setitimer(), Linux man-pages
/// timer_create(2). Context of all: a thread of the program.
namespace atl::posix {

/// Names a timer: 1 .. kMostTimers.
using TimerId = std::uint32_t;
inline constexpr TimerId kMostTimers = 32;

/// Zero: not armed, or once.
struct TimerSetting {
  Nanoseconds interval;
  Nanoseconds value;
};

/// kInvalidArgument: no such clock, signal or notification; kTryAgain: all in use, or no memory.
Result<TimerId> create_timer(int clock, const SignalEvent& event);
/// kInvalidArgument: none, as of all below.
Result<void> delete_timer(TimerId timer);
/// What was set before. `absolute`: `wanted.value` is a moment of the timer's clock.
Result<TimerSetting> set_timer(TimerId timer, bool absolute, const TimerSetting& wanted);
Result<TimerSetting> timer_setting(TimerId timer);
/// How often it expired beyond the signal that was last taken.
Result<int> timer_overrun(TimerId timer);

/// ITIMER_REAL, which alarm() shares: SIGALRM to the process.
TimerSetting set_alarm(const TimerSetting& wanted);
TimerSetting alarm_setting();

/// Runs the functions of timers with kNotifyFunction, in threads: for posix_signals_threads.
struct Notifier {
  /// Makes ready what `event` asks for. kInvalidArgument, kTryAgain. By a thread.
  Result<void*> (*prepare)(const SignalEvent& event);
  /// The function is to run, soon; false where it is to anyway. Interrupts masked, any context.
  bool (*notify)(void* prepared);
  /// Nobody will call notify() for it any more. By a thread.
  void (*dismiss)(void* prepared);
};
/// Set by a boot step; without one kNotifyFunction is kInvalidArgument.
void set_notifier(const Notifier& notifier);

}  // namespace atl::posix
