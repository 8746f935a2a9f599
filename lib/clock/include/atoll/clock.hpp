// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/result.hpp>
#include <atoll/types.hpp>

/// Time. Any context; never blocks. A clock whose rate the hypervisor does not
/// tell is calibrated by the first reader, not at boot: that one reading may
/// take 20 ms, with interrupts masked.
namespace atl::clock {

/// Nanoseconds since a moment near boot. Never goes back, on any CPU. Valid
/// after the boot step of `clock`.
Nanoseconds now();

/// Nanoseconds since 1970-01-01 00:00 UTC, leap seconds not counted. kNoData
/// where neither hypervisor nor RTC tells and nobody has set it. The first call
/// may read an RTC, which takes up to 10 ms.
Result<Nanoseconds> realtime();

/// Sets realtime(); now() is not affected.
void set_realtime(Nanoseconds since_epoch);

/// How far apart two different readings of now() can be at least.
Nanoseconds resolution();

}  // namespace atl::clock
