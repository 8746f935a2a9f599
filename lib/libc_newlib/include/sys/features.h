// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#ifndef ATOLL_OVERLAY_SYS_FEATURES_H
#define ATOLL_OVERLAY_SYS_FEATURES_H

// newlib's feature tests, and what this system adds to them. newlib itself is
// built with this header.

// Its configuration first: <sys/param.h> asks for it in <sys/config.h> before
// anything has read it, and would see another struct _reent.
#include <newlib.h>

#include_next <sys/features.h>

// POSIX.1-2017, read(): the count is a ssize_t. newlib's default is int.
#define _READ_WRITE_RETURN_TYPE _ssize_t
#define _READ_WRITE_BUFSIZE_TYPE __SIZE_TYPE__

// What <time.h> and <unistd.h> declare. A function whose micro-library is not
// in the image is an undefined symbol at the link, never a stub.
#define _POSIX_TIMERS 200809L
#define _POSIX_TIMEOUTS 200809L
#define _POSIX_MONOTONIC_CLOCK 200809L
#define _POSIX_CLOCK_SELECTION 200809L
#define _POSIX_THREAD_SAFE_FUNCTIONS 200809L

// newlib's own objects are compiled without threads: with them its streams would
// turn cancellation off and on around each operation, in every image.
#ifndef _LIBC
#define _POSIX_THREADS 200809L
#define _POSIX_THREAD_ATTR_STACKADDR 200809L
#define _POSIX_THREAD_ATTR_STACKSIZE 200809L
#define _POSIX_THREAD_PRIO_PROTECT 200809L
#define _POSIX_THREAD_PRIORITY_SCHEDULING 200809L
#define _POSIX_THREAD_PROCESS_SHARED 200809L
#define _POSIX_ROBUST_MUTEXES 200809L
#define _POSIX_BARRIERS 200809L
#define _POSIX_READER_WRITER_LOCKS 200809L
#define _POSIX_SPIN_LOCKS 200809L
#define _POSIX_SEMAPHORES 200809L
#define _UNIX98_THREAD_MUTEX_ATTRIBUTES 1
#endif

#endif
