// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// Compiled by support/atoll/ports/newlib.py against newlib's headers and the
// overlay: what abi.h states must be what programs are compiled with.

#include "abi.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <ucontext.h>

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

// lib/posix_threads/src/door/objects.hpp.
SAME(56, sizeof(pthread_mutex_t));
SAME(48, sizeof(pthread_cond_t));
SAME(80, sizeof(pthread_rwlock_t));
SAME(48, sizeof(pthread_barrier_t));
SAME(32, sizeof(pthread_once_t));
SAME(40, sizeof(sem_t));
SAME(8, sizeof(pthread_t));
SAME(4, sizeof(pthread_key_t));
SAME(4, sizeof(pthread_spinlock_t));
SAME(32, sizeof(struct sched_param));
SAME(80, sizeof(pthread_attr_t));
SAME(16, offsetof(pthread_attr_t, __parameter));
SAME(24, sizeof(pthread_mutexattr_t));
SAME(12, sizeof(pthread_condattr_t));
SAME(8, sizeof(pthread_rwlockattr_t));
SAME(8, sizeof(pthread_barrierattr_t));
SAME(24, sizeof(struct __pthread_cleanup));
SAME(1, SCHED_FIFO);
SAME(2, SCHED_RR);
SAME(2147483647, SEM_VALUE_MAX);
SAME(0x200, O_CREAT);  // door/semaphores.cpp
SAME(0x800, O_EXCL);

// lib/posix_signals' atoll/posix/signal_abi.hpp.
SAME(8, sizeof(sigset_t));
SAME(128, sizeof(siginfo_t));
SAME(16, offsetof(siginfo_t, si_pid));
SAME(20, offsetof(siginfo_t, si_overrun));
SAME(24, offsetof(siginfo_t, si_value));
SAME(16, offsetof(siginfo_t, si_addr));
SAME(24, sizeof(struct sigaction));
SAME(8, offsetof(struct sigaction, sa_mask));
SAME(16, offsetof(struct sigaction, sa_flags));
SAME(24, sizeof(stack_t));
SAME(8, offsetof(stack_t, ss_flags));
SAME(16, offsetof(stack_t, ss_size));
SAME(64, sizeof(struct sigevent));
SAME(8, offsetof(struct sigevent, sigev_signo));
SAME(12, offsetof(struct sigevent, sigev_notify));
SAME(16, offsetof(struct sigevent, sigev_notify_thread_id));
SAME(16, offsetof(ucontext_t, uc_stack));
SAME(32, sizeof(struct itimerval));
SAME(16, offsetof(struct itimerspec, it_value));
SAME(8, sizeof(timer_t));
SAME(4, sizeof(clockid_t));
#if defined(__x86_64__)
SAME(40, offsetof(ucontext_t, uc_mcontext));
SAME(296, offsetof(ucontext_t, uc_sigmask));
#else
SAME(40, offsetof(ucontext_t, uc_sigmask));
SAME(176, offsetof(ucontext_t, uc_mcontext));
#endif
