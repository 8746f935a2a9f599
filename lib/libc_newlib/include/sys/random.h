// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#ifndef ATOLL_SYS_RANDOM_H
#define ATOLL_SYS_RANDOM_H

// getrandom(2) and getentropy(3) of the Linux man-pages; library posix_random.

#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#define GRND_NONBLOCK 1
#define GRND_RANDOM 2
#define GRND_INSECURE 4

ssize_t getrandom(void* out, size_t count, unsigned flags);
int getentropy(void* out, size_t count);

#ifdef __cplusplus
}
#endif

#endif
