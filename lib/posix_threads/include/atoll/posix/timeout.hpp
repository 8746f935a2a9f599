// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/libc_types.hpp>
#include <atoll/result.hpp>
#include <atoll/wait.hpp>

namespace atl::posix {

/// Until `moment` on `clock`, which is libc::kRealtime or libc::kMonotonic: a moment that
/// has passed gives a deadline that has. A change of the realtime clock after this call is
/// not noticed. kInvalidArgument for another clock, and where the nanoseconds are none
/// (POSIX.1-2017, XSH 2.8.5 and pthread_mutex_timedlock()). Any context, never blocks.
Result<Deadline> deadline_at(int clock, const libc::Timespec& moment);

}  // namespace atl::posix
