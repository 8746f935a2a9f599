// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#ifndef ATOLL_UNISTD_H
#define ATOLL_UNISTD_H

// newlib's, and what Linux has beside it.
#include_next <unistd.h>

#ifdef __cplusplus
extern "C" {
#endif

#if __GNU_VISIBLE
// The number that SIGEV_THREAD_ID takes; lib/posix_signals.
pid_t gettid(void);
#endif

#ifdef __cplusplus
}
#endif

#endif
