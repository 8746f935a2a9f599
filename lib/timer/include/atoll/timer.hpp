// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/types.hpp>

/// One interrupt per CPU at a chosen moment. Owned by sched, which multiplexes
/// it; a library that wants timers asks sched.
namespace atl::timer {

/// Runs in interrupt context with interrupts masked, at or after the armed
/// deadline, on the CPU that armed it.
using Handler = void (*)();

/// Sets the handler of all CPUs, before the first arm(); the one before, for
/// giving it back, or null.
Handler set_handler(Handler handler);

/// Fires once when clock::now() reaches `deadline`; at once where it has
/// passed. Replaces the deadline armed before on this CPU. Any context.
void arm(Nanoseconds deadline);

void disarm();

}  // namespace atl::timer
