// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#ifndef ATOLL_OVERLAY_SYS_PTHREADTYPES_H
#define ATOLL_OVERLAY_SYS_PTHREADTYPES_H
#define _SYS__PTHREADTYPES_H_  // newlib's own header must not follow

// The objects of POSIX.1-2017 <sys/types.h> for threads. Ready for use when all
// zero, so that a static initialiser is enough and none needs memory of its own.
// What is in them is lib/posix_threads' business; the sizes are those of its
// atoll/posix/abi.h.

#include <sys/sched.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef unsigned long pthread_t;  // a number that is never used again
typedef unsigned int pthread_key_t;
typedef unsigned int pthread_spinlock_t;

typedef struct {
  unsigned __kind;
  unsigned __space0;
  unsigned long __space[6];
} pthread_mutex_t;

typedef struct {
  unsigned __kind;
  unsigned __clock;
  unsigned long __space[5];
} pthread_cond_t;

typedef struct {
  unsigned __kind;
  unsigned __space0;
  unsigned long __space[9];
} pthread_rwlock_t;

typedef struct {
  unsigned __kind;
  unsigned __space0;
  unsigned long __space[5];
} pthread_barrier_t;

typedef struct {
  unsigned __state;
  unsigned __space0;
  unsigned long __space[3];
} pthread_once_t;

typedef struct {
  unsigned __kind;
  int __detach_state;
  int __inherit;
  int __policy;
  struct sched_param __parameter;
  __SIZE_TYPE__ __stack_size;
  __SIZE_TYPE__ __guard_size;
  void* __stack;
  unsigned long __affinity;
} pthread_attr_t;

typedef struct {
  unsigned __kind;
  int __type;
  int __robust;
  int __shared;
  int __protocol;
  int __ceiling;
} pthread_mutexattr_t;

typedef struct {
  unsigned __kind;
  int __clock;
  int __shared;
} pthread_condattr_t;

typedef struct {
  unsigned __kind;
  int __shared;
} pthread_rwlockattr_t;

typedef struct {
  unsigned __kind;
  int __shared;
} pthread_barrierattr_t;

#ifdef __cplusplus
}
#endif

#endif
