// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

#include "suite.h"

#include <sched.h>
#include <stdint.h>

static pthread_mutex_t of_type(int type) {
  pthread_mutexattr_t attributes;
  pthread_mutex_t mutex;
  EXPECT_EQ(pthread_mutexattr_init(&attributes), 0);
  EXPECT_EQ(pthread_mutexattr_settype(&attributes, type), 0);
  EXPECT_EQ(pthread_mutex_init(&mutex, &attributes), 0);
  EXPECT_EQ(pthread_mutexattr_destroy(&attributes), 0);
  return mutex;
}

static void attributes(void) {
  pthread_mutexattr_t attributes;
  int value = -1;
  EXPECT_EQ(pthread_mutexattr_init(&attributes), 0);
  EXPECT_EQ(pthread_mutexattr_gettype(&attributes, &value), 0);
  EXPECT_EQ(value, PTHREAD_MUTEX_DEFAULT);
  EXPECT_EQ(pthread_mutexattr_settype(&attributes, 99), EINVAL);
  EXPECT_EQ(pthread_mutexattr_getpshared(&attributes, &value), 0);
  EXPECT_EQ(value, PTHREAD_PROCESS_PRIVATE);
  EXPECT_EQ(pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED), 0);
  EXPECT_EQ(pthread_mutexattr_setpshared(&attributes, 3), EINVAL);
  EXPECT_EQ(pthread_mutexattr_setrobust(&attributes, 3), EINVAL);
  EXPECT_EQ(pthread_mutexattr_getrobust(&attributes, &value), 0);
  EXPECT_EQ(value, PTHREAD_MUTEX_STALLED);
  EXPECT_EQ(pthread_mutexattr_setprotocol(&attributes, PTHREAD_PRIO_NONE), 0);
  EXPECT_EQ(pthread_mutexattr_setprotocol(&attributes, 9), EINVAL);
  EXPECT_EQ(pthread_mutexattr_getprotocol(&attributes, &value), 0);
  EXPECT_EQ(value, PTHREAD_PRIO_NONE);
  // Where SCHED_PRIORITY_INHERITANCE is not chosen it is refused.
  const int error = pthread_mutexattr_setprotocol(&attributes, PTHREAD_PRIO_INHERIT);
  EXPECT(error == 0 || error == ENOTSUP);
  EXPECT_EQ(pthread_mutexattr_getprotocol(&attributes, &value), 0);
  EXPECT_EQ(value, error == 0 ? PTHREAD_PRIO_INHERIT : PTHREAD_PRIO_NONE);
}

struct counted {
  pthread_mutex_t mutex;
  long count;
};

static void* count_up(void* argument) {
  struct counted* const counted = argument;
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(pthread_mutex_lock(&counted->mutex), 0);
    const long before = counted->count;
    if (i % 50 == 0) sched_yield();
    counted->count = before + 1;
    EXPECT_EQ(pthread_mutex_unlock(&counted->mutex), 0);
  }
  return NULL;
}

static void exclude_each_other(pthread_mutex_t mutex) {
  struct counted counted = {mutex, 0};
  pthread_t threads[8];
  for (int i = 0; i < 8; ++i) threads[i] = start(count_up, &counted);
  for (int i = 0; i < 8; ++i) finish(threads[i]);
  EXPECT_EQ(counted.count, 8000);
  EXPECT_EQ(pthread_mutex_destroy(&counted.mutex), 0);
}

static void of_every_type_exclude(void) {
  exclude_each_other(of_type(PTHREAD_MUTEX_NORMAL));
  exclude_each_other(of_type(PTHREAD_MUTEX_ERRORCHECK));
  exclude_each_other(of_type(PTHREAD_MUTEX_RECURSIVE));
}

static pthread_mutex_t still_normal = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t still_recursive = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static pthread_mutex_t still_checking = PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP;

static void* try_it(void* argument) { return (void*)(intptr_t)pthread_mutex_trylock(argument); }
static void* unlock_it(void* argument) { return (void*)(intptr_t)pthread_mutex_unlock(argument); }

static void normal(void) {
  EXPECT_EQ(pthread_mutex_lock(&still_normal), 0);
  EXPECT_EQ(pthread_mutex_trylock(&still_normal), EBUSY);
  EXPECT_EQ((intptr_t)finish(start(try_it, &still_normal)), EBUSY);
  // Locked twice it waits for ever, or as long as it is told.
  struct timespec until = after(CLOCK_REALTIME, 5);
  EXPECT_EQ(pthread_mutex_timedlock(&still_normal, &until), ETIMEDOUT);
#if IN_IMAGE
  EXPECT_EQ((intptr_t)finish(start(unlock_it, &still_normal)), EPERM);
#endif
  EXPECT_EQ(pthread_mutex_unlock(&still_normal), 0);
}

static void error_checking(void) {
  EXPECT_EQ(pthread_mutex_unlock(&still_checking), EPERM);
  EXPECT_EQ(pthread_mutex_lock(&still_checking), 0);
  EXPECT_EQ(pthread_mutex_lock(&still_checking), EDEADLK);
  EXPECT_EQ(pthread_mutex_trylock(&still_checking), EBUSY);
  EXPECT_EQ((intptr_t)finish(start(unlock_it, &still_checking)), EPERM);
  EXPECT_EQ(pthread_mutex_unlock(&still_checking), 0);
  EXPECT_EQ(pthread_mutex_unlock(&still_checking), EPERM);
}

static void recursive(void) {
  EXPECT_EQ(pthread_mutex_unlock(&still_recursive), EPERM);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(pthread_mutex_lock(&still_recursive), 0);
  EXPECT_EQ(pthread_mutex_trylock(&still_recursive), 0);
  EXPECT_EQ((intptr_t)finish(start(try_it, &still_recursive)), EBUSY);
  EXPECT_EQ((intptr_t)finish(start(unlock_it, &still_recursive)), EPERM);
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ((intptr_t)finish(start(try_it, &still_recursive)), EBUSY);
    EXPECT_EQ(pthread_mutex_unlock(&still_recursive), 0);
  }
  EXPECT_EQ(pthread_mutex_unlock(&still_recursive), EPERM);
}

static void timeouts(void) {
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  struct timespec until = {0, -1};
  // Where it is free nobody looks at the time.
  EXPECT_EQ(pthread_mutex_timedlock(&mutex, &until), 0);
  EXPECT_EQ(pthread_mutex_timedlock(&mutex, &until), EINVAL);
  until.tv_nsec = 1000000000;
  EXPECT_EQ(pthread_mutex_timedlock(&mutex, &until), EINVAL);
  until.tv_nsec = 0;
  EXPECT_EQ(pthread_mutex_timedlock(&mutex, &until), ETIMEDOUT);
  until.tv_sec = -5;
  EXPECT_EQ(pthread_mutex_timedlock(&mutex, &until), ETIMEDOUT);
  until = after(CLOCK_MONOTONIC, 5);
  EXPECT_EQ(pthread_mutex_clocklock(&mutex, CLOCK_MONOTONIC, &until), ETIMEDOUT);
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  EXPECT(now.tv_sec > until.tv_sec || (now.tv_sec == until.tv_sec && now.tv_nsec >= until.tv_nsec));
  EXPECT_EQ(pthread_mutex_clocklock(&mutex, 12345, &until), EINVAL);
  EXPECT_EQ(pthread_mutex_unlock(&mutex), 0);
}

static void* hold_for_a_while(void* argument) {
  EXPECT_EQ(pthread_mutex_lock(argument), 0);
  sleep_ms(10);
  EXPECT_EQ(pthread_mutex_unlock(argument), 0);
  return NULL;
}

static void a_wait_that_succeeds(void) {
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  const pthread_t thread = start(hold_for_a_while, &mutex);
  while (pthread_mutex_trylock(&mutex) == 0) {
    pthread_mutex_unlock(&mutex);
    sched_yield();
  }
  const struct timespec until = after(CLOCK_REALTIME, 20000);
  EXPECT_EQ(pthread_mutex_timedlock(&mutex, &until), 0);
  EXPECT_EQ(pthread_mutex_unlock(&mutex), 0);
  finish(thread);
}

static void destroy(void) {
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  EXPECT_EQ(pthread_mutex_lock(&mutex), 0);
  EXPECT_EQ(pthread_mutex_destroy(&mutex), EBUSY);
  EXPECT_EQ(pthread_mutex_unlock(&mutex), 0);
  EXPECT_EQ(pthread_mutex_destroy(&mutex), 0);
  EXPECT_EQ(pthread_mutex_lock(&mutex), EINVAL);
#if IN_IMAGE
  EXPECT_EQ(pthread_mutex_trylock(&mutex), EINVAL);
  EXPECT_EQ(pthread_mutex_unlock(&mutex), EINVAL);
  EXPECT_EQ(pthread_mutex_destroy(&mutex), EINVAL);
  memset(&mutex, 0xa5, sizeof mutex);
  EXPECT_EQ(pthread_mutex_lock(&mutex), EINVAL);
  EXPECT_EQ(pthread_mutex_unlock(&mutex), EINVAL);
  EXPECT_EQ(pthread_mutex_consistent(&mutex), EINVAL);
#endif
  EXPECT_EQ(pthread_mutex_init(&mutex, NULL), 0);
  EXPECT_EQ(pthread_mutex_lock(&mutex), 0);
  EXPECT_EQ(pthread_mutex_unlock(&mutex), 0);
}

const struct test mutex_tests[] = {
    {"mutexes: attributes", attributes},
    {"mutexes: of every type exclude", of_every_type_exclude},
    {"mutexes: normal", normal},
    {"mutexes: error-checking", error_checking},
    {"mutexes: recursive", recursive},
    {"mutexes: timeouts", timeouts},
    {"mutexes: a wait that succeeds", a_wait_that_succeeds},
    {"mutexes: destroy", destroy},
    {NULL, NULL},
};
