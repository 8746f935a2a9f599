// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/types.hpp>
#include <cstdint>

/// The time stamp counter (Intel SDM 3B §18.17) as a clock. Any context. The
/// first call of what needs its rate measures it for 10 ms, interrupts masked,
/// where neither hypervisor nor CPU tells.
namespace atl::tsc {

/// Since the boot step of this library; never goes back, on any CPU.
Nanoseconds now();

/// Counts a second.
std::uint64_t frequency();

/// What the counter reads once `time` has passed from now on, or a little later;
/// at most an hour ahead.
std::uint64_t reading_after(Nanoseconds time);

/// A hypervisor's word on the rate, which spares everything else; before the
/// first call of the others.
void set_frequency(std::uint64_t hz);

}  // namespace atl::tsc
