// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/types.hpp>

/// Fakes of the interfaces clock (src/clock.cpp) and timer (src/timer.cpp):
/// time stands still until a test moves it.
namespace atl::host {

/// Time 0, no realtime, nothing armed; waiting for an interrupt moves the
/// clock to the armed deadline. What was armed is let expire first, as lib/deadline
/// leaves it armed for a timer that was cancelled, and would wait for it. Call it after
/// reset_machine(), interrupts enabled.
void reset_time();

/// Moves the clock, raising the timer's interrupt at each deadline on the way: handlers
/// run in here, and where they take the CPU from the caller other threads do. Time never
/// goes back: it is later than was asked where these have moved it further.
void advance(Nanoseconds by);

/// The deadline that is armed, or 2^64 - 1 nanoseconds.
Nanoseconds armed_deadline();

/// How often arm() has been called.
std::uint64_t timer_arms();

}  // namespace atl::host
