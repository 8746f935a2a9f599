// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <pthread.h>

#include "status.hpp"

// ISO C17 §7.26.2 and §7.26.6.

using atl::iso_threads::status;

static_assert(TSS_DTOR_ITERATIONS == PTHREAD_DESTRUCTOR_ITERATIONS);

extern "C" {

void call_once(once_flag* flag, void (*function)(void)) { pthread_once(flag, function); }

int tss_create(tss_t* key, tss_dtor_t destructor) {
  return status(pthread_key_create(key, destructor));
}
void tss_delete(tss_t key) { pthread_key_delete(key); }
void* tss_get(tss_t key) { return pthread_getspecific(key); }
int tss_set(tss_t key, void* value) { return status(pthread_setspecific(key, value)); }

}  // extern "C"
