// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/sched.hpp>

// In images whose locks do not mask interrupts for preemption's sake.
static_assert(!atl::sched::Provider::kPreemptive,
              "the chosen sched provider is kPreemptive: its Kconfig entry must say "
              "`select LOCK_PREEMPTION`");
