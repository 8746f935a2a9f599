// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/wait.hpp>

/// Many timers on each CPU's one: what makes a wait end in time. Whoever waits
/// for a moment depends on this library; an image in which nobody does holds
/// neither it nor a clock, a timer, an interrupt controller.
///
/// Tickless: the CPU's timer is armed for the earliest moment and for nothing
/// else; that of a timer cancelled meanwhile may still come, once. Moments are on
/// clock::now()'s clock. Any context after the boot step of `deadline`; never
/// blocks. Arming, cancelling and expiring take constant time, however many timers
/// are armed; for expiring that is the mean over a timer's life.
namespace atl::deadline {

/// Until `when`. The last representable moment is Deadline::never().
Deadline at(Nanoseconds when);

/// Until `duration` from now; never() where that is beyond the clock's end.
Deadline after(Nanoseconds duration);

/// Arms `timer`, which must not be armed, on this CPU. False, and nothing
/// happens, where `when` has passed. Timers of the same moment fire in the order
/// in which they were armed.
[[nodiscard]] bool arm(Timer& timer, Nanoseconds when);

/// Disarms `timer`: afterwards its callback does not run, and is not running
/// unless this is called from it. Waits, spinning, for a callback that runs on
/// another CPU. Nothing happens where it is not armed.
void cancel(Timer& timer);

}  // namespace atl::deadline
