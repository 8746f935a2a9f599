// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#ifndef PTHREAD_SUITE_H
#define PTHREAD_SUITE_H

#include "../../suite/suite.h"

extern const struct test thread_tests[], attribute_tests[], affinity_tests[], ceiling_tests[],
    mutex_tests[], robust_tests[], condition_tests[], lock_tests[], key_tests[],
    cancellation_tests[], semaphore_tests[], iso_thread_tests[], stress_tests[];

/// So many milliseconds from now.
struct timespec after(clockid_t clock, long count);
/// Lets other threads come to where they wait, in many turns.
void settle(void);

#endif
