// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#ifndef ATOLL_UCONTEXT_H
#define ATOLL_UCONTEXT_H

// What handlers see of what they interrupted. makecontext() and its kin, which POSIX has
// given up, are not there.
#include <sys/ucontext.h>

#endif
