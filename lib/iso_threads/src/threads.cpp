// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdlib.h>
#include <atoll/sched.hpp>

#include "status.hpp"

// ISO C17 §7.26.5.

using atl::iso_threads::status;

namespace {

/// What a new thread is told, on the heap, and frees before it runs the program's code.
struct Beginning {
  thrd_start_t function;
  void* argument;
};

// A result as POSIX threads have it.
void* to_pointer(int result) { return reinterpret_cast<void*>(static_cast<intptr_t>(result)); }
int to_int(void* result) { return static_cast<int>(reinterpret_cast<intptr_t>(result)); }

void* begin(void* allocated) {
  const Beginning beginning = *static_cast<Beginning*>(allocated);
  free(allocated);
  return to_pointer(beginning.function(beginning.argument));
}

// EAGAIN is how POSIX says that there is no memory, or one thread only.
int status_of_creation(int error) {
  const bool is_memory = error == EAGAIN && !atl::sched::Provider::kOneThread;
  return is_memory ? thrd_nomem : status(error);
}

}  // namespace

extern "C" {

int thrd_create(thrd_t* thread, thrd_start_t function, void* argument) {
  auto* const beginning = static_cast<Beginning*>(malloc(sizeof(Beginning)));
  if (beginning == nullptr) return thrd_nomem;
  *beginning = {function, argument};
  const int error = pthread_create(thread, nullptr, begin, beginning);
  if (error != 0) free(beginning);
  return status_of_creation(error);
}

thrd_t thrd_current() { return pthread_self(); }
int thrd_equal(thrd_t left, thrd_t right) { return pthread_equal(left, right); }
int thrd_detach(thrd_t thread) { return status(pthread_detach(thread)); }
[[noreturn]] void thrd_exit(int result) { pthread_exit(to_pointer(result)); }

int thrd_join(thrd_t thread, int* result) {
  void* ended_with = nullptr;
  const int error = pthread_join(thread, &ended_with);
  if (error == 0 && result != nullptr) *result = to_int(ended_with);
  return status(error);
}

// §7.26.5.7: -1 for a signal, another negative number for an error.
int thrd_sleep(const struct timespec* duration, struct timespec* remaining) {
  const int error = clock_nanosleep(CLOCK_MONOTONIC, 0, duration, remaining);
  if (error == 0) return 0;
  return error == EINTR ? -1 : -2;
}

void thrd_yield() { sched_yield(); }

}  // extern "C"
