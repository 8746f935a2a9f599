// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "stress.h"

#include <errno.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { kThreads = 200, kStack = 32768 };

static long wanted = 2000;
static long locks_taken;
static pthread_key_t key;
static long values_made, values_destroyed;

unsigned any(struct worker* self, unsigned below) {
  self->random = self->random * 1664525u + 1013904223u;
  return (self->random >> 12) % below;
}

void must(bool holds, const char* what) {
  if (holds) return;
  fprintf(stderr, "thread_stress: %s (error %d)\n", what, errno);
  fflush(NULL);
  _exit(1);
}

bool enough(void) { return __atomic_load_n(&locks_taken, __ATOMIC_RELAXED) >= wanted; }

void count_lock(void) { __atomic_add_fetch(&locks_taken, 1, __ATOMIC_RELAXED); }

struct timespec soon(clockid_t clock, unsigned microseconds) {
  struct timespec moment;
  clock_gettime(clock, &moment);
  moment.tv_nsec += (long)microseconds * 1000;
  moment.tv_sec += moment.tv_nsec / 1000000000;
  moment.tv_nsec %= 1000000000;
  return moment;
}

static void destroy_value(void* value) {
  free(value);
  __atomic_add_fetch(&values_destroyed, 1, __ATOMIC_RELAXED);
}

// Cancelled only while it waits: what it does under locks is done whole.
static void* work(void* argument) {
  struct worker self = *(struct worker*)argument;
  int before = 0;
  pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before);
  void* const value = malloc(16);
  must(value != NULL && pthread_setspecific(key, value) == 0, "pthread_setspecific");
  __atomic_add_fetch(&values_made, 1, __ATOMIC_RELAXED);
  for (unsigned step = 20 + any(&self, 400); step > 0 && !enough(); --step) {
    if (any(&self, 8) != 0) {
      use_locks(&self);
      continue;
    }
    pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &before);
    use_waits(&self);
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before);
  }
  if (any(&self, 2) == 0) pthread_exit(argument);
  return argument;
}

static void start(struct worker* worker, pthread_attr_t* attributes) {
  must(pthread_create(&worker->thread, attributes, work, worker) == 0, "pthread_create");
  worker->used = true;
}

static void* join(struct worker* worker) {
  void* result = NULL;
  must(pthread_join(worker->thread, &result) == 0, "pthread_join");
  worker->used = false;
  must(result == worker || result == PTHREAD_CANCELED, "a result of pthread_join");
  return result;
}

int main(int count, char** words) {
  static struct worker workers[kThreads];
  struct worker chooser = {.random = 1};
  if (count > 1) wanted = atol(words[1]);
  if (count > 2) chooser.random = (unsigned)atol(words[2]);
  if (wanted <= 0) {
    fputs("usage: thread_stress [operations [seed]]\n", stderr);
    return 2;
  }
  prepare_locks();
  prepare_waits();
  must(pthread_key_create(&key, destroy_value) == 0, "pthread_key_create");
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, kStack);
  long started = 0, cancelled = 0;
  while (!enough()) {
    struct worker* const worker = &workers[any(&chooser, kThreads)];
    if (worker->used) {
      if (any(&chooser, 3) == 0) pthread_cancel(worker->thread);
      if (join(worker) == PTHREAD_CANCELED) ++cancelled;
    }
    worker->random = any(&chooser, 1u << 20) + 1;
    start(worker, &attributes);
    ++started;
    if (any(&chooser, 16) == 0) usleep(any(&chooser, 2000));
  }
  for (int i = 0; i < kThreads; ++i) {
    if (workers[i].used && join(&workers[i]) == PTHREAD_CANCELED) ++cancelled;
  }
  check_locks();
  check_waits();
  // Main's own, if any, stays: it has made none.
  must(values_made == values_destroyed, "a value of a thread was not destroyed");
  printf("%ld locks taken by %ld threads, %ld of them cancelled\n", locks_taken, started,
         cancelled);
  return 0;
}
