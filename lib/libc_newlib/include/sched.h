// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#ifndef ATOLL_SCHED_H
#define ATOLL_SCHED_H
#define _SCHED_H_  // newlib's own header must not follow

// POSIX.1-2017, <sched.h>; sched_getcpu(3). lib/posix_threads has the functions.

#include <sys/types.h>

#include <sys/sched.h>

#ifdef __cplusplus
extern "C" {
#endif

int sched_yield(void);
int sched_get_priority_max(int policy);
int sched_get_priority_min(int policy);
int sched_getcpu(void);

#ifdef __cplusplus
}
#endif

#endif
