// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <pthread.h>

#include "status.hpp"

// ISO C17 §7.26.4. A lock of one's own that is not recursive is undefined there, and an
// error here: so all are POSIX's error-checking mutexes, or its recursive ones.

using atl::iso_threads::status;

extern "C" {

int mtx_init(mtx_t* mutex, int type) {
  if ((type & ~(mtx_recursive | mtx_timed)) != 0) return thrd_error;
  constexpr mtx_t kRecursive = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
  constexpr mtx_t kOther = PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP;
  *mutex = (type & mtx_recursive) != 0 ? kRecursive : kOther;
  return thrd_success;
}

void mtx_destroy(mtx_t* mutex) { pthread_mutex_destroy(mutex); }

int mtx_lock(mtx_t* mutex) { return status(pthread_mutex_lock(mutex)); }
int mtx_trylock(mtx_t* mutex) { return status(pthread_mutex_trylock(mutex)); }
int mtx_timedlock(mtx_t* __restrict mutex, const struct timespec* __restrict until) {
  return status(pthread_mutex_timedlock(mutex, until));
}
int mtx_unlock(mtx_t* mutex) { return status(pthread_mutex_unlock(mutex)); }

}  // extern "C"
