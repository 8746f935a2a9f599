// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#ifndef ATOLL_SYS_UTSNAME_H
#define ATOLL_SYS_UTSNAME_H

// POSIX.1-2017, <sys/utsname.h>; the sizes of Linux. lib/posix_system has the function.

#ifdef __cplusplus
extern "C" {
#endif

struct utsname {
  char sysname[65];
  char nodename[65];
  char release[65];
  char version[65];
  char machine[65];
};

int uname(struct utsname* name);

#ifdef __cplusplus
}
#endif

#endif
