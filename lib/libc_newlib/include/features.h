// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#ifndef ATOLL_FEATURES_H
#define ATOLL_FEATURES_H

// glibc's name for <sys/features.h>, which programs and libstdc++ include.

#include <sys/features.h>

// libstdc++'s headers, configured for Linux, ask which glibc this is: none.
#ifdef __cplusplus
#define __GLIBC_PREREQ(major, minor) 0
#endif

#endif
