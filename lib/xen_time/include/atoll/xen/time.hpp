// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/result.hpp>
#include <atoll/types.hpp>

/// Time as Xen writes it into the shared page. Any context; kNoDevice where the
/// domain has no such page.
namespace atl::xen {

/// Nanoseconds from 1970 to the moment at which system time was 0; on arm64, at
/// which the domain's counter was. kNoData where nobody has told Xen the date.
Result<Nanoseconds> wall_clock_start();

/// x86_64: Xen's system time, in which hypercalls take deadlines.
Nanoseconds system_time();

/// x86_64: counts of the time stamp counter in a second, or 0.
std::uint64_t counter_frequency();

}  // namespace atl::xen
