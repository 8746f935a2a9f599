// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#ifndef ATOLL_PTHREAD_H
#define ATOLL_PTHREAD_H
#define __PTHREAD_h  // newlib's own header must not follow

// POSIX.1-2017, <pthread.h>, and what Linux has beside it (names with _np); the
// clock... functions of POSIX.1-2024. lib/posix_threads has the functions, and says
// in its README what it leaves out.

#include <sched.h>
#include <sys/types.h>
#include <time.h>

#ifdef __cplusplus
extern "C" {
#endif

// In every version of C++ that libstdc++ is compiled by.
#define __PTHREAD_NEVER_RETURNS __attribute__((__noreturn__))

// Numbers of glibc's, so that one meaning has one number.
#define PTHREAD_CREATE_JOINABLE 0
#define PTHREAD_CREATE_DETACHED 1
#define PTHREAD_INHERIT_SCHED 0
#define PTHREAD_EXPLICIT_SCHED 1
#define PTHREAD_SCOPE_SYSTEM 0
#define PTHREAD_SCOPE_PROCESS 1
#define PTHREAD_PROCESS_PRIVATE 0
#define PTHREAD_PROCESS_SHARED 1
#define PTHREAD_CANCEL_ENABLE 0
#define PTHREAD_CANCEL_DISABLE 1
#define PTHREAD_CANCEL_DEFERRED 0
#define PTHREAD_CANCEL_ASYNCHRONOUS 1
#define PTHREAD_CANCELED ((void*)-1)
#define PTHREAD_MUTEX_NORMAL 0
#define PTHREAD_MUTEX_RECURSIVE 1
#define PTHREAD_MUTEX_ERRORCHECK 2
#define PTHREAD_MUTEX_DEFAULT PTHREAD_MUTEX_NORMAL
#define PTHREAD_MUTEX_STALLED 0
#define PTHREAD_MUTEX_ROBUST 1
#define PTHREAD_PRIO_NONE 0
#define PTHREAD_PRIO_INHERIT 1
#define PTHREAD_PRIO_PROTECT 2
#define PTHREAD_BARRIER_SERIAL_THREAD (-1)

#define PTHREAD_KEYS_MAX 128
#define PTHREAD_DESTRUCTOR_ITERATIONS 4
#define PTHREAD_STACK_MIN 16384

#define PTHREAD_MUTEX_INITIALIZER  \
  {                                \
    PTHREAD_MUTEX_NORMAL, 0, { 0 } \
  }
#define PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP \
  {                                            \
    PTHREAD_MUTEX_RECURSIVE, 0, { 0 }          \
  }
#define PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP \
  {                                             \
    PTHREAD_MUTEX_ERRORCHECK, 0, { 0 }          \
  }
#define PTHREAD_COND_INITIALIZER \
  {                              \
    0, 0, { 0 }                  \
  }
#define PTHREAD_RWLOCK_INITIALIZER \
  {                                \
    0, 0, { 0 }                    \
  }
#define PTHREAD_ONCE_INIT \
  {                       \
    0, 0, { 0 }           \
  }

int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*start)(void*),
                   void* argument);
int pthread_join(pthread_t thread, void** result);
int pthread_tryjoin_np(pthread_t thread, void** result);
int pthread_timedjoin_np(pthread_t thread, void** result, const struct timespec* until);
int pthread_clockjoin_np(pthread_t thread, void** result, clockid_t clock,
                         const struct timespec* until);
int pthread_detach(pthread_t thread);
__PTHREAD_NEVER_RETURNS void pthread_exit(void* result);
pthread_t pthread_self(void);
int pthread_equal(pthread_t left, pthread_t right);
int pthread_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void));
int pthread_setname_np(pthread_t thread, const char* name);
int pthread_getname_np(pthread_t thread, char* name, size_t size);
int pthread_getattr_np(pthread_t thread, pthread_attr_t* attributes);
int pthread_setconcurrency(int level);
int pthread_getconcurrency(void);
int pthread_yield(void);

int pthread_getschedparam(pthread_t thread, int* policy, struct sched_param* parameter);
int pthread_setschedparam(pthread_t thread, int policy, const struct sched_param* parameter);
int pthread_setschedprio(pthread_t thread, int priority);

int pthread_attr_init(pthread_attr_t* attributes);
int pthread_attr_destroy(pthread_attr_t* attributes);
int pthread_attr_setdetachstate(pthread_attr_t* attributes, int state);
int pthread_attr_getdetachstate(const pthread_attr_t* attributes, int* state);
int pthread_attr_setstacksize(pthread_attr_t* attributes, size_t bytes);
int pthread_attr_getstacksize(const pthread_attr_t* attributes, size_t* bytes);
int pthread_attr_setstack(pthread_attr_t* attributes, void* bottom, size_t bytes);
int pthread_attr_getstack(const pthread_attr_t* attributes, void** bottom, size_t* bytes);
int pthread_attr_setguardsize(pthread_attr_t* attributes, size_t bytes);
int pthread_attr_getguardsize(const pthread_attr_t* attributes, size_t* bytes);
int pthread_attr_setinheritsched(pthread_attr_t* attributes, int inherit);
int pthread_attr_getinheritsched(const pthread_attr_t* attributes, int* inherit);
int pthread_attr_setschedpolicy(pthread_attr_t* attributes, int policy);
int pthread_attr_getschedpolicy(const pthread_attr_t* attributes, int* policy);
int pthread_attr_setschedparam(pthread_attr_t* attributes, const struct sched_param* parameter);
int pthread_attr_getschedparam(const pthread_attr_t* attributes, struct sched_param* parameter);
int pthread_attr_setscope(pthread_attr_t* attributes, int scope);
int pthread_attr_getscope(const pthread_attr_t* attributes, int* scope);

#if __GNU_VISIBLE
int pthread_attr_setaffinity_np(pthread_attr_t* attributes, size_t size, const cpu_set_t* cpus);
int pthread_attr_getaffinity_np(const pthread_attr_t* attributes, size_t size, cpu_set_t* cpus);
int pthread_setaffinity_np(pthread_t thread, size_t size, const cpu_set_t* cpus);
int pthread_getaffinity_np(pthread_t thread, size_t size, cpu_set_t* cpus);
#endif

int pthread_mutexattr_init(pthread_mutexattr_t* attributes);
int pthread_mutexattr_destroy(pthread_mutexattr_t* attributes);
int pthread_mutexattr_settype(pthread_mutexattr_t* attributes, int type);
int pthread_mutexattr_gettype(const pthread_mutexattr_t* attributes, int* type);
int pthread_mutexattr_setrobust(pthread_mutexattr_t* attributes, int robust);
int pthread_mutexattr_getrobust(const pthread_mutexattr_t* attributes, int* robust);
int pthread_mutexattr_setprotocol(pthread_mutexattr_t* attributes, int protocol);
int pthread_mutexattr_getprotocol(const pthread_mutexattr_t* attributes, int* protocol);
int pthread_mutexattr_setprioceiling(pthread_mutexattr_t* attributes, int ceiling);
int pthread_mutexattr_getprioceiling(const pthread_mutexattr_t* attributes, int* ceiling);
int pthread_mutexattr_setpshared(pthread_mutexattr_t* attributes, int shared);
int pthread_mutexattr_getpshared(const pthread_mutexattr_t* attributes, int* shared);

int pthread_mutex_init(pthread_mutex_t* mutex, const pthread_mutexattr_t* attributes);
int pthread_mutex_destroy(pthread_mutex_t* mutex);
int pthread_mutex_lock(pthread_mutex_t* mutex);
int pthread_mutex_trylock(pthread_mutex_t* mutex);
int pthread_mutex_timedlock(pthread_mutex_t* mutex, const struct timespec* until);
int pthread_mutex_clocklock(pthread_mutex_t* mutex, clockid_t clock, const struct timespec* until);
int pthread_mutex_unlock(pthread_mutex_t* mutex);
int pthread_mutex_consistent(pthread_mutex_t* mutex);
int pthread_mutex_setprioceiling(pthread_mutex_t* mutex, int ceiling, int* before);
int pthread_mutex_getprioceiling(const pthread_mutex_t* mutex, int* ceiling);

int pthread_condattr_init(pthread_condattr_t* attributes);
int pthread_condattr_destroy(pthread_condattr_t* attributes);
int pthread_condattr_setclock(pthread_condattr_t* attributes, clockid_t clock);
int pthread_condattr_getclock(const pthread_condattr_t* attributes, clockid_t* clock);
int pthread_condattr_setpshared(pthread_condattr_t* attributes, int shared);
int pthread_condattr_getpshared(const pthread_condattr_t* attributes, int* shared);

int pthread_cond_init(pthread_cond_t* condition, const pthread_condattr_t* attributes);
int pthread_cond_destroy(pthread_cond_t* condition);
int pthread_cond_wait(pthread_cond_t* condition, pthread_mutex_t* mutex);
int pthread_cond_timedwait(pthread_cond_t* condition, pthread_mutex_t* mutex,
                           const struct timespec* until);
int pthread_cond_clockwait(pthread_cond_t* condition, pthread_mutex_t* mutex, clockid_t clock,
                           const struct timespec* until);
int pthread_cond_signal(pthread_cond_t* condition);
int pthread_cond_broadcast(pthread_cond_t* condition);

int pthread_rwlockattr_init(pthread_rwlockattr_t* attributes);
int pthread_rwlockattr_destroy(pthread_rwlockattr_t* attributes);
int pthread_rwlockattr_setpshared(pthread_rwlockattr_t* attributes, int shared);
int pthread_rwlockattr_getpshared(const pthread_rwlockattr_t* attributes, int* shared);

int pthread_rwlock_init(pthread_rwlock_t* lock, const pthread_rwlockattr_t* attributes);
int pthread_rwlock_destroy(pthread_rwlock_t* lock);
int pthread_rwlock_rdlock(pthread_rwlock_t* lock);
int pthread_rwlock_tryrdlock(pthread_rwlock_t* lock);
int pthread_rwlock_timedrdlock(pthread_rwlock_t* lock, const struct timespec* until);
int pthread_rwlock_clockrdlock(pthread_rwlock_t* lock, clockid_t clock,
                               const struct timespec* until);
int pthread_rwlock_wrlock(pthread_rwlock_t* lock);
int pthread_rwlock_trywrlock(pthread_rwlock_t* lock);
int pthread_rwlock_timedwrlock(pthread_rwlock_t* lock, const struct timespec* until);
int pthread_rwlock_clockwrlock(pthread_rwlock_t* lock, clockid_t clock,
                               const struct timespec* until);
int pthread_rwlock_unlock(pthread_rwlock_t* lock);

int pthread_barrierattr_init(pthread_barrierattr_t* attributes);
int pthread_barrierattr_destroy(pthread_barrierattr_t* attributes);
int pthread_barrierattr_setpshared(pthread_barrierattr_t* attributes, int shared);
int pthread_barrierattr_getpshared(const pthread_barrierattr_t* attributes, int* shared);

int pthread_barrier_init(pthread_barrier_t* barrier, const pthread_barrierattr_t* attributes,
                         unsigned count);
int pthread_barrier_destroy(pthread_barrier_t* barrier);
int pthread_barrier_wait(pthread_barrier_t* barrier);

int pthread_spin_init(pthread_spinlock_t* lock, int shared);
int pthread_spin_destroy(pthread_spinlock_t* lock);
int pthread_spin_lock(pthread_spinlock_t* lock);
int pthread_spin_trylock(pthread_spinlock_t* lock);
int pthread_spin_unlock(pthread_spinlock_t* lock);

int pthread_once(pthread_once_t* control, void (*function)(void));

int pthread_key_create(pthread_key_t* key, void (*destructor)(void*));
int pthread_key_delete(pthread_key_t key);
int pthread_setspecific(pthread_key_t key, const void* value);
void* pthread_getspecific(pthread_key_t key);

int pthread_cancel(pthread_t thread);
int pthread_setcancelstate(int state, int* before);
int pthread_setcanceltype(int type, int* before);
void pthread_testcancel(void);

struct __pthread_cleanup {
  void (*__function)(void*);
  void* __argument;
  struct __pthread_cleanup* __before;
};
void __pthread_cleanup_push(struct __pthread_cleanup* handler, void (*function)(void*),
                            void* argument);
void __pthread_cleanup_pop(struct __pthread_cleanup* handler, int execute);

// One scope in two macros: POSIX.1-2017, pthread_cleanup_pop().
#define pthread_cleanup_push(function, argument)  \
  do {                                            \
    struct __pthread_cleanup __pthread_cleanup_0; \
  __pthread_cleanup_push(&__pthread_cleanup_0, (function), (argument))
#define pthread_cleanup_pop(execute)                      \
  __pthread_cleanup_pop(&__pthread_cleanup_0, (execute)); \
  }                                                       \
  while (0)

#ifdef __cplusplus
}
#endif

#endif
