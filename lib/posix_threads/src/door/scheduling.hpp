// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/sched.hpp>

#include "objects.hpp"

namespace atl::posix::door {

/// SCHED_FIFO's and SCHED_RR's: above all of SCHED_OTHER, whose threads have the default.
inline constexpr int kLowestPriority = 1;
inline constexpr int kHighestPriority =
    sched::ThreadOptions::kHighestPriority - sched::ThreadOptions::kDefaultPriority;

bool is_policy(int policy);
/// kInvalidArgument for a policy that there is not, and a priority that it has not.
Result<sched::Scheduling> to_scheduling(int policy, const SchedulingParameter& parameter);
SchedulingParameter to_parameter(const sched::Scheduling& scheduling);

}  // namespace atl::posix::door
