// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

#include "suite.h"

#include <sched.h>
#include <semaphore.h>
#include <stdint.h>
#include <stdlib.h>

// Threads that lock, sleep, wait, cancel each other and end at random, from a fixed seed.

enum { kThreads = 200, kSteps = 250, kMutexes = 4 };

static pthread_mutex_t mutexes[kMutexes];
static long guarded[kMutexes];
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static sem_t permits;
static pthread_key_t key;
static long operations, ended, values_destroyed, values_set;

static void destroy_value(void* value) {
  free(value);
  __atomic_add_fetch(&values_destroyed, 1, __ATOMIC_RELAXED);
}

static void unlock(void* mutex) { pthread_mutex_unlock(mutex); }
static void unlock_rwlock(void* lock) { pthread_rwlock_unlock(lock); }
static void give_back(void* semaphore) { sem_post(semaphore); }

static unsigned next(unsigned* random) {
  *random = *random * 1664525u + 1013904223u;
  return *random >> 16;
}

static void step(unsigned* random) {
  const unsigned which = next(random) % kMutexes;
  switch (next(random) % 8) {
    case 0:
    case 1:
    case 2:
      pthread_mutex_lock(&mutexes[which]);
      pthread_cleanup_push(unlock, &mutexes[which]);
      const long before = guarded[which];
      if (next(random) % 16 == 0) sched_yield();
      guarded[which] = before + 1;
      __atomic_add_fetch(&operations, 1, __ATOMIC_RELAXED);
      pthread_cleanup_pop(1);
      break;
    case 3:
      if (next(random) % 4 == 0) {
        pthread_rwlock_wrlock(&rwlock);
      } else {
        pthread_rwlock_rdlock(&rwlock);
      }
      pthread_cleanup_push(unlock_rwlock, &rwlock);
      sched_yield();
      pthread_testcancel();
      pthread_cleanup_pop(1);
      break;
    case 4:
      if (next(random) % 8 == 0) sleep_ms(1);
      sched_yield();
      break;
    case 5: {
      pthread_mutex_lock(&mutexes[which]);
      pthread_cleanup_push(unlock, &mutexes[which]);
      const struct timespec until = after(CLOCK_REALTIME, 1);
      pthread_cond_timedwait(&condition, &mutexes[which], &until);
      pthread_cleanup_pop(1);
      break;
    }
    case 6:
      pthread_cond_broadcast(&condition);
      break;
    default:
      sem_wait(&permits);
      pthread_cleanup_push(give_back, &permits);
      sched_yield();
      pthread_testcancel();
      pthread_cleanup_pop(1);
  }
}

static void count_end(void* argument) { __atomic_add_fetch((long*)argument, 1, __ATOMIC_RELAXED); }

static void* work(void* argument) {
  unsigned random = (unsigned)(uintptr_t)argument * 2654435761u;
  pthread_cleanup_push(count_end, &ended);
  __atomic_add_fetch(&values_set, 1, __ATOMIC_RELAXED);
  pthread_setspecific(key, malloc(16));
  for (int i = 0; i < kSteps; ++i) step(&random);
  if (next(&random) % 2 == 0) pthread_exit(argument);
  pthread_cleanup_pop(1);
  return argument;
}

static void everything_at_once(void) {
  static pthread_t threads[kThreads];
  unsigned random = 1;
  for (int i = 0; i < kMutexes; ++i) {
    // A condition has waiters with one mutex at a time: each has its own here, but for
    // the broadcasts, which any may get.
    pthread_mutex_init(&mutexes[i], NULL);
    guarded[i] = 0;
  }
  operations = ended = values_destroyed = values_set = 0;
  EXPECT_EQ(sem_init(&permits, 0, 3), 0);
  EXPECT_EQ(pthread_key_create(&key, destroy_value), 0);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 32768);
  int created = 0, cancelled = 0, begun = 0;
  for (int i = 0; i < kThreads; ++i) {
    EXPECT_EQ(pthread_create(&threads[i], &attributes, work, (void*)(uintptr_t)(i + 1)), 0);
    ++created;
    if (next(&random) % 4 == 0) sched_yield();
  }
  for (int i = 0; i < kThreads; ++i) {
    if (next(&random) % 4 == 0) pthread_cancel(threads[next(&random) % kThreads]);
    sched_yield();
  }
  for (int i = 0; i < kThreads; ++i) {
    void* result = NULL;
    EXPECT_EQ(pthread_join(threads[i], &result), 0);
    EXPECT(result == PTHREAD_CANCELED || result == (void*)(uintptr_t)(i + 1));
    cancelled += result == PTHREAD_CANCELED;
    begun += result != PTHREAD_CANCELED;
  }
  EXPECT_EQ(cancelled + begun, created);
  long sum = 0;
  for (int i = 0; i < kMutexes; ++i) {
    sum += guarded[i];
    EXPECT_EQ(pthread_mutex_destroy(&mutexes[i]), 0);
  }
  EXPECT_EQ(sum, operations);
  EXPECT_EQ(ended, created);
  EXPECT_EQ(values_destroyed, values_set);
  int value = 0;
  EXPECT_EQ(sem_getvalue(&permits, &value), 0);
  EXPECT_EQ(value, 3);
  EXPECT_EQ(sem_destroy(&permits), 0);
  EXPECT_EQ(pthread_rwlock_trywrlock(&rwlock), 0);
  EXPECT_EQ(pthread_rwlock_unlock(&rwlock), 0);
  EXPECT_EQ(pthread_key_delete(key), 0);
  printf("       %ld operations, %d of %d threads cancelled\n", operations, cancelled, created);
}

const struct test stress_tests[] = {
    {"stress: everything at once", everything_at_once},
    {NULL, NULL},
};
