// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#ifndef ATOLL_OVERLAY_SYS_SCHED_H
#define ATOLL_OVERLAY_SYS_SCHED_H
#define _SYS_SCHED_H_  // newlib's own header must not follow

// Policies with the numbers of Linux (sched(7); linux/sched.h of the kernel's uapi).
#define SCHED_OTHER 0
#define SCHED_FIFO 1
#define SCHED_RR 2
#define SCHED_BATCH 3
#define SCHED_IDLE 5
#define SCHED_DEADLINE 6

#ifdef __cplusplus
extern "C" {
#endif

// POSIX.1-2017, <sched.h>. The members behind the first are asked for with
// SCHED_DEADLINE alone: nanoseconds, as struct sched_attr of sched_setattr(2) has
// them.
struct sched_param {
  int sched_priority;
  unsigned long sched_runtime;
  unsigned long sched_deadline;
  unsigned long sched_period;
};

#ifdef __cplusplus
}
#endif

#endif
