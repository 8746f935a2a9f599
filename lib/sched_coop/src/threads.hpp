// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/late.hpp>
#include <atoll/sched.hpp>

namespace atl::sched {

/// Makes the run queue; before everything else.
void start_scheduling();

/// Where a new thread's context starts, interrupts masked.
void run_thread(void*);

/// Takes an exiting thread out of those that for_each() visits. Interrupts
/// masked.
void forget(Thread& thread);

}  // namespace atl::sched
