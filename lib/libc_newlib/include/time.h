// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// newlib's, with the numbers of Linux's clocks (linux/time.h of the kernel's
// uapi): a clock has one number for all programs. No guard: newlib's own header
// has parts that are asked for several times.
#include_next <time.h>

#undef TIMER_ABSTIME
#undef CLOCKS_PER_SEC
#undef CLOCK_REALTIME
#undef CLOCK_MONOTONIC
#undef CLOCK_PROCESS_CPUTIME_ID
#undef CLOCK_THREAD_CPUTIME_ID
#undef CLOCK_MONOTONIC_RAW
#undef CLOCK_REALTIME_COARSE
#undef CLOCK_MONOTONIC_COARSE
#undef CLOCK_BOOTTIME
#undef CLOCK_REALTIME_ALARM
#undef CLOCK_BOOTTIME_ALARM

#define TIMER_ABSTIME 1
#define CLOCKS_PER_SEC ((clock_t)1000000)  // POSIX.1-2017, <time.h>
#define CLOCK_REALTIME 0
#define CLOCK_MONOTONIC 1
#define CLOCK_PROCESS_CPUTIME_ID 2
#define CLOCK_THREAD_CPUTIME_ID 3
#define CLOCK_MONOTONIC_RAW 4
#define CLOCK_REALTIME_COARSE 5
#define CLOCK_MONOTONIC_COARSE 6
#define CLOCK_BOOTTIME 7
#define CLOCK_REALTIME_ALARM 8
#define CLOCK_BOOTTIME_ALARM 9

// ISO C17 §7.27.2.5; lib/posix_time has it.
#ifndef TIME_UTC
#define TIME_UTC 1
_BEGIN_STD_C
int timespec_get(struct timespec*, int);
_END_STD_C
#endif
