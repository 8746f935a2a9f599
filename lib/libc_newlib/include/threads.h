// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#ifndef ATOLL_THREADS_H
#define ATOLL_THREADS_H
#define _THREADS_H_  // newlib's own header must not follow: it needs one that newlib has not

// ISO C17 §7.26. lib/iso_threads has the functions. Its objects are those of
// POSIX threads, so that a program may use both; its numbers are glibc's.

#include <sys/_pthreadtypes.h>
#include <time.h>

#ifdef __cplusplus
extern "C" {
#define __THREADS_NEVER_RETURNS [[noreturn]]
#else
#define __THREADS_NEVER_RETURNS _Noreturn
#define thread_local _Thread_local
#endif

#define ONCE_FLAG_INIT \
  {                    \
    0, 0, { 0 }        \
  }
#define TSS_DTOR_ITERATIONS 4

typedef pthread_t thrd_t;
typedef pthread_mutex_t mtx_t;
typedef pthread_cond_t cnd_t;
typedef pthread_key_t tss_t;
typedef pthread_once_t once_flag;
typedef void (*tss_dtor_t)(void*);
typedef int (*thrd_start_t)(void*);

enum { mtx_plain = 0, mtx_recursive = 1, mtx_timed = 2 };
enum { thrd_success = 0, thrd_busy = 1, thrd_error = 2, thrd_nomem = 3, thrd_timedout = 4 };

void call_once(once_flag* flag, void (*function)(void));

int cnd_broadcast(cnd_t* condition);
void cnd_destroy(cnd_t* condition);
int cnd_init(cnd_t* condition);
int cnd_signal(cnd_t* condition);
int cnd_timedwait(cnd_t* __restrict condition, mtx_t* __restrict mutex,
                  const struct timespec* __restrict until);
int cnd_wait(cnd_t* condition, mtx_t* mutex);

void mtx_destroy(mtx_t* mutex);
int mtx_init(mtx_t* mutex, int type);
int mtx_lock(mtx_t* mutex);
int mtx_timedlock(mtx_t* __restrict mutex, const struct timespec* __restrict until);
int mtx_trylock(mtx_t* mutex);
int mtx_unlock(mtx_t* mutex);

int thrd_create(thrd_t* thread, thrd_start_t function, void* argument);
thrd_t thrd_current(void);
int thrd_detach(thrd_t thread);
int thrd_equal(thrd_t left, thrd_t right);
__THREADS_NEVER_RETURNS void thrd_exit(int result);
int thrd_join(thrd_t thread, int* result);
int thrd_sleep(const struct timespec* duration, struct timespec* remaining);
void thrd_yield(void);

int tss_create(tss_t* key, tss_dtor_t destructor);
void tss_delete(tss_t key);
void* tss_get(tss_t key);
int tss_set(tss_t key, void* value);

#ifdef __cplusplus
}
#endif

#endif
