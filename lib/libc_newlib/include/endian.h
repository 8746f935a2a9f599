// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#ifndef ATOLL_ENDIAN_H
#define ATOLL_ENDIAN_H

// POSIX.1-2024 <endian.h>, and the names of glibc's with underscores.

#include <sys/endian.h>

#ifndef __BYTE_ORDER
#define __LITTLE_ENDIAN _LITTLE_ENDIAN
#define __BIG_ENDIAN _BIG_ENDIAN
#define __PDP_ENDIAN _PDP_ENDIAN
#define __BYTE_ORDER _BYTE_ORDER
#endif

#endif
