// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <pthread.h>

#include "status.hpp"

// ISO C17 §7.26.3. TIME_UTC, by which it counts, is POSIX's CLOCK_REALTIME.

using atl::iso_threads::status;

extern "C" {

int cnd_init(cnd_t* condition) {
  *condition = PTHREAD_COND_INITIALIZER;
  return thrd_success;
}

void cnd_destroy(cnd_t* condition) { pthread_cond_destroy(condition); }

int cnd_signal(cnd_t* condition) { return status(pthread_cond_signal(condition)); }
int cnd_broadcast(cnd_t* condition) { return status(pthread_cond_broadcast(condition)); }

int cnd_wait(cnd_t* condition, mtx_t* mutex) { return status(pthread_cond_wait(condition, mutex)); }
int cnd_timedwait(cnd_t* __restrict condition, mtx_t* __restrict mutex,
                  const struct timespec* __restrict until) {
  return status(pthread_cond_timedwait(condition, mutex, until));
}

}  // extern "C"
