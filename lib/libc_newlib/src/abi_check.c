// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// Compiled by support/atoll/ports/newlib.py against newlib's headers and the
// overlay: what abi.h states must be what programs are compiled with.

#include "abi.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>

#define SAME(ours, theirs) _Static_assert((ours) == (theirs), #theirs " is not " #ours)
#define SAME_MEMBER(ours, theirs)                                        \
  SAME(offsetof(struct AtollStat, ours), offsetof(struct stat, theirs)); \
  SAME(sizeof(((struct AtollStat*)0)->ours), sizeof(((struct stat*)0)->theirs))

SAME(sizeof(struct AtollTimespec), sizeof(struct timespec));
SAME(offsetof(struct AtollTimespec, nanoseconds), offsetof(struct timespec, tv_nsec));

SAME(sizeof(struct AtollStat), sizeof(struct stat));
SAME_MEMBER(device, st_dev);
SAME_MEMBER(inode, st_ino);
SAME_MEMBER(mode, st_mode);
SAME_MEMBER(links, st_nlink);
SAME_MEMBER(user, st_uid);
SAME_MEMBER(group, st_gid);
SAME_MEMBER(special_device, st_rdev);
SAME_MEMBER(size, st_size);
SAME_MEMBER(block_size, st_blksize);
SAME_MEMBER(blocks, st_blocks);
SAME_MEMBER(accessed, st_atim);
SAME_MEMBER(modified, st_mtim);
SAME_MEMBER(changed, st_ctim);

SAME(kModeCharacterDevice, S_IFCHR);
SAME(kErrorNoProcess, ESRCH);
SAME(kErrorIllegalSeek, ESPIPE);
SAME(kGetDescriptorFlags, F_GETFD);
SAME(kSetDescriptorFlags, F_SETFD);
SAME(kGetStatusFlags, F_GETFL);
SAME(kStatusReadWrite, O_RDWR);
SAME(kStreamLock, offsetof(FILE, _lock));
SAME(kSignals, NSIG);
SAME(kSignalAbort, SIGABRT);
SAME(kSignalUrgent, SIGURG);
SAME(kSignalContinue, SIGCONT);
SAME(kSignalChild, SIGCHLD);
SAME(kSignalWindow, SIGWINCH);

// atoll/libc_types.hpp.
SAME(0, CLOCK_REALTIME);
SAME(1, CLOCK_MONOTONIC);
SAME(2, CLOCK_PROCESS_CPUTIME_ID);
SAME(3, CLOCK_THREAD_CPUTIME_ID);
SAME(7, CLOCK_BOOTTIME);
SAME(1, TIMER_ABSTIME);
SAME(sizeof(struct timeval), 16);
SAME(offsetof(struct timeval, tv_usec), 8);

_Static_assert(sizeof(pthread_mutex_t) <= 40 && sizeof(pthread_cond_t) <= 40 &&
                   sizeof(pthread_rwlock_t) <= 40 && sizeof(pthread_barrier_t) <= 40,
               "libstdc++ and programs count on small thread objects");
