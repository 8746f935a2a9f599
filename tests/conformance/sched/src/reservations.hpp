// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/sched.hpp>

/// What the faulty scheduler promises to threads with a deadline. Nobody is kept from using
/// more.
namespace atl::sched::reservations {

/// As AttributesContract's set_scheduling().
Result<void> change(ProviderThread& thread, Scheduling wanted);

/// The next period of `thread`, which has a deadline, begins then.
Nanoseconds begin_next_period(ProviderThread& thread);

}  // namespace atl::sched::reservations
