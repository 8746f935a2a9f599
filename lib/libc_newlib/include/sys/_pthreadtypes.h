// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#ifndef ATOLL_OVERLAY_SYS_PTHREADTYPES_H
#define ATOLL_OVERLAY_SYS_PTHREADTYPES_H
#define _SYS__PTHREADTYPES_H_  // newlib's own header must not follow

// The objects of POSIX.1-2017 <sys/types.h> for threads: at most 40 bytes each,
// ready for use when all zero, so that a static initialiser is enough and none
// needs memory of its own.

#include <sys/sched.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PTHREAD_SCOPE_SYSTEM 0
#define PTHREAD_SCOPE_PROCESS 1
#define PTHREAD_INHERIT_SCHED 0
#define PTHREAD_EXPLICIT_SCHED 1
#define PTHREAD_CREATE_JOINABLE 0
#define PTHREAD_CREATE_DETACHED 1
#define PTHREAD_PROCESS_PRIVATE 0
#define PTHREAD_PROCESS_SHARED 1
#define PTHREAD_MUTEX_NORMAL 0
#define PTHREAD_MUTEX_RECURSIVE 1
#define PTHREAD_MUTEX_ERRORCHECK 2
#define PTHREAD_MUTEX_DEFAULT PTHREAD_MUTEX_NORMAL

struct atoll_pthread;
typedef struct atoll_pthread* pthread_t;
typedef unsigned pthread_key_t;
typedef struct {
  unsigned state;
} pthread_once_t;
typedef unsigned pthread_spinlock_t;

typedef struct {
  int detached;
  int policy;
  struct sched_param parameter;
  int inherit;
  int scope;
  void* stack;
  __SIZE_TYPE__ stack_size;
  __SIZE_TYPE__ guard_size;
} pthread_attr_t;

typedef struct {
  pthread_t owner;
  void* waiters[2];
  unsigned state;
  unsigned depth;
  int type;
} pthread_mutex_t;
typedef struct {
  int type;
  int shared;
  int protocol;
  int ceiling;
} pthread_mutexattr_t;

typedef struct {
  void* waiters[2];
  unsigned sequence;
  int clock;
} pthread_cond_t;
typedef struct {
  int clock;
  int shared;
} pthread_condattr_t;

typedef struct {
  pthread_t owner;
  void* waiters[2];
  int state;
  unsigned writers_waiting;
} pthread_rwlock_t;
typedef struct {
  int shared;
} pthread_rwlockattr_t;

typedef struct {
  void* waiters[2];
  unsigned count;
  unsigned waiting;
  unsigned phase;
} pthread_barrier_t;
typedef struct {
  int shared;
} pthread_barrierattr_t;

#define _PTHREAD_MUTEX_INITIALIZER \
  { 0, {0, 0}, 0, 0, PTHREAD_MUTEX_DEFAULT }
#define _PTHREAD_COND_INITIALIZER \
  { {0, 0}, 0, 0 }
#define _PTHREAD_RWLOCK_INITIALIZER \
  { 0, {0, 0}, 0, 0 }
#define _PTHREAD_ONCE_INIT \
  { 0 }

#ifdef __cplusplus
}
#endif

#endif
