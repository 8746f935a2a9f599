// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#ifndef ATOLL_OVERLAY_MACHINE_TYPES_H
#define ATOLL_OVERLAY_MACHINE_TYPES_H
#define _MACHINE__TYPES_H  // newlib's own header must not follow

// System types as wide as Linux has them on both architectures
// (asm-generic/posix_types.h of the kernel's uapi). newlib's own are older: an
// inode number of 16 bits, a user of 16 bits. newlib itself is built with this.

#include <machine/_default_types.h>

#define __machine_ssize_t_defined
typedef long _ssize_t;
#define __machine_dev_t_defined
typedef unsigned long __dev_t;
#define __machine_ino_t_defined
typedef unsigned long __ino_t;
#define __machine_mode_t_defined
typedef unsigned int __mode_t;
#define __machine_uid_t_defined
typedef unsigned int __uid_t;
#define __machine_gid_t_defined
typedef unsigned int __gid_t;
#define __machine_fsblkcnt_t_defined
typedef unsigned long __fsblkcnt_t;
#define __machine_fsfilcnt_t_defined
typedef unsigned long __fsfilcnt_t;
#define __machine_key_t_defined
typedef int __key_t;
#define __machine_clock_t_defined
#define _CLOCK_T_ long
#define __machine_clockid_t_defined
#define _CLOCKID_T_ int

#endif
