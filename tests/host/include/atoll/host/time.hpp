// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/types.hpp>

/// Fakes of the interfaces clock (src/clock.cpp) and timer (src/timer.cpp):
/// time stands still until a test moves it.
namespace atl::host {

/// Time 0, no realtime, nothing armed; waiting for an interrupt moves the
/// clock to the armed deadline. Call it after reset_machine().
void reset_time();

/// Moves the clock, raising the timer's interrupt at each deadline on the way.
void advance(Nanoseconds by);

/// The deadline that is armed, or 2^64 - 1 nanoseconds.
Nanoseconds armed_deadline();

/// How often arm() has been called.
std::uint64_t timer_arms();

}  // namespace atl::host
