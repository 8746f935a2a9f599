// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// Compiled by support/atoll/ports/newlib.py against newlib's headers and the
// overlay: what abi.h states must be what programs are compiled with.

#include "abi.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/stat.h>
#include <time.h>

#define SAME(ours, theirs) _Static_assert((ours) == (theirs), #ours " is not " #theirs)
#define SAME_MEMBER(ours, theirs)                                       \
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
SAME(kSigKill, SIGKILL);
SAME(kSigStop, SIGSTOP);
SAME(kSignals, NSIG);
SAME(kClockRealtime, CLOCK_REALTIME);
SAME(kClockMonotonic, CLOCK_MONOTONIC);

_Static_assert(sizeof(pthread_mutex_t) <= 40 && sizeof(pthread_cond_t) <= 40 &&
                   sizeof(pthread_rwlock_t) <= 40 && sizeof(pthread_barrier_t) <= 40,
               "libstdc++ and programs count on small thread objects");
