// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/sched.hpp>

/// What POSIX functions do about interruptions of their waits. Context of all: a thread of
/// the program that may wait and holds no lock of the kernel's, unless it says otherwise.
namespace atl::posix {

/// What has been done about an interruption.
enum class Acted : std::uint8_t {
  kNothing,  ///< there was nothing to do: the wait goes on
  kRestart,  ///< handlers ran that let the function begin anew (SA_RESTART)
  kFail,     ///< the function fails with kInterrupted
};

/// How interruptions are acted on; set by boot steps, each at most once.
struct InterruptionActions {
  /// Ends the calling thread, if it is to be cancelled; returns otherwise.
  void (*cancel)() = nullptr;
  /// Runs the handlers of the signals that are pending for the calling thread.
  Acted (*deliver)() = nullptr;
};
InterruptionActions& interruption_actions();

/// Ends the calling thread where somebody has asked it to and it allows that. First line
/// of a function that is a cancellation point (POSIX.1-2017, XSH 2.9.5.2).
void cancellation_point();

/// After a wait that ended with kInterrupted: does not return where the thread is
/// cancelled, runs handlers where signals are pending, and tells what becomes of the
/// function: one that is never restarted fails unless it is kNothing. A stop request is
/// told once.
[[nodiscard]] Acted interrupted();

/// For waits that no interruption ends (a mutex): what may break them nevertheless, so
/// that handlers run. A wait so broken calls run_handlers() and goes on.
[[nodiscard]] Interruptions handled_meanwhile();
void run_handlers();

}  // namespace atl::posix
