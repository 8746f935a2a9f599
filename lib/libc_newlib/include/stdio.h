// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// newlib's, with the names of POSIX.1-2008 for two functions that it has under others.
#include_next <stdio.h>

#ifndef ATOLL_STDIO_H
#define ATOLL_STDIO_H

#if __POSIX_VISIBLE >= 200809
_BEGIN_STD_C
ssize_t getdelim(char** __restrict, size_t* __restrict, int, FILE* __restrict);
ssize_t getline(char** __restrict, size_t* __restrict, FILE* __restrict);
_END_STD_C
#endif

#endif
