// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

#include "suite.h"

#include <stdint.h>

static pthread_mutex_t robust(int type) {
  pthread_mutexattr_t attributes;
  pthread_mutex_t mutex;
  EXPECT_EQ(pthread_mutexattr_init(&attributes), 0);
  EXPECT_EQ(pthread_mutexattr_settype(&attributes, type), 0);
  EXPECT_EQ(pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST), 0);
  EXPECT_EQ(pthread_mutex_init(&mutex, &attributes), 0);
  return mutex;
}

static void* die_with_it(void* argument) {
  EXPECT_EQ(pthread_mutex_lock(argument), 0);
  return NULL;
}

static void made_consistent(void) {
  static pthread_mutex_t mutex;
  mutex = robust(PTHREAD_MUTEX_NORMAL);
  EXPECT_EQ(pthread_mutex_consistent(&mutex), EINVAL);
  finish(start(die_with_it, &mutex));
  EXPECT_EQ(pthread_mutex_lock(&mutex), EOWNERDEAD);
  EXPECT_EQ(pthread_mutex_consistent(&mutex), 0);
  EXPECT_EQ(pthread_mutex_unlock(&mutex), 0);
  EXPECT_EQ(pthread_mutex_lock(&mutex), 0);
  EXPECT_EQ(pthread_mutex_unlock(&mutex), 0);
  EXPECT_EQ(pthread_mutex_unlock(&mutex), EPERM);
  EXPECT_EQ(pthread_mutex_destroy(&mutex), 0);
}

static void* take_it(void* argument) { return (void*)(intptr_t)pthread_mutex_lock(argument); }

static void lost(void) {
  static pthread_mutex_t mutex;
  mutex = robust(PTHREAD_MUTEX_ERRORCHECK);
  finish(start(die_with_it, &mutex));
  EXPECT_EQ(pthread_mutex_trylock(&mutex), EOWNERDEAD);
  EXPECT_EQ(pthread_mutex_lock(&mutex), EDEADLK);
  enum { kWaiters = IN_IMAGE ? 2 : 1 };  // Linux' C library leaves others asleep
  pthread_t waiters[kWaiters];
  for (int i = 0; i < kWaiters; ++i) waiters[i] = start(take_it, &mutex);
  settle();
  EXPECT_EQ(pthread_mutex_unlock(&mutex), 0);
  for (int i = 0; i < kWaiters; ++i) EXPECT_EQ((intptr_t)finish(waiters[i]), ENOTRECOVERABLE);
  EXPECT_EQ(pthread_mutex_lock(&mutex), ENOTRECOVERABLE);
  EXPECT_EQ(pthread_mutex_trylock(&mutex), ENOTRECOVERABLE);
  EXPECT_EQ(pthread_mutex_consistent(&mutex), EINVAL);
  EXPECT_EQ(pthread_mutex_destroy(&mutex), 0);
}

struct dying {
  pthread_mutex_t* mutex;
  int locked, go;
};

static void* die_when_told(void* argument) {
  struct dying* const dying = argument;
  EXPECT_EQ(pthread_mutex_lock(dying->mutex), 0);
  put(&dying->locked, 1);
  while (get(&dying->go) == 0) sleep_ms(1);
  pthread_exit(NULL);
}

// Who waits as the owner ends is told, too, and the next one again.
static void told_while_waiting(void) {
  static pthread_mutex_t mutex;
  mutex = robust(PTHREAD_MUTEX_NORMAL);
  struct dying dying = {&mutex, 0, 0};
  const pthread_t owner = start(die_when_told, &dying);
  await(&dying.locked, 1);
  const pthread_t waiters[2] = {start(take_it, &mutex), start(take_it, &mutex)};
  settle();
  put(&dying.go, 1);
  finish(owner);
  for (int i = 0; i < 2; ++i) EXPECT_EQ((intptr_t)finish(waiters[i]), EOWNERDEAD);
  EXPECT_EQ(pthread_mutex_lock(&mutex), EOWNERDEAD);
  EXPECT_EQ(pthread_mutex_consistent(&mutex), 0);
  EXPECT_EQ(pthread_mutex_unlock(&mutex), 0);
  EXPECT_EQ(pthread_mutex_destroy(&mutex), 0);
}

static void* die_with_many(void* argument) {
  pthread_mutex_t* const mutexes = argument;
  for (int i = 0; i < 4; ++i) EXPECT_EQ(pthread_mutex_lock(&mutexes[i]), 0);
  EXPECT_EQ(pthread_mutex_lock(&mutexes[0]), 0);  // the recursive one
  EXPECT_EQ(pthread_mutex_unlock(&mutexes[2]), 0);
  return NULL;
}

static void all_that_it_had(void) {
  static pthread_mutex_t mutexes[4];
  mutexes[0] = robust(PTHREAD_MUTEX_RECURSIVE);
  for (int i = 1; i < 4; ++i) mutexes[i] = robust(PTHREAD_MUTEX_NORMAL);
  finish(start(die_with_many, mutexes));
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(pthread_mutex_lock(&mutexes[i]), i == 2 ? 0 : EOWNERDEAD);
    if (i != 2) EXPECT_EQ(pthread_mutex_consistent(&mutexes[i]), 0);
    EXPECT_EQ(pthread_mutex_unlock(&mutexes[i]), 0);
  }
}

static void with_a_condition(void) {
  static pthread_mutex_t mutex;
  pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
  mutex = robust(PTHREAD_MUTEX_NORMAL);
  struct dying dying = {&mutex, 0, 0};
  EXPECT_EQ(pthread_mutex_lock(&mutex), 0);
  const pthread_t owner = start(die_when_told, &dying);
  put(&dying.go, 1);
  struct timespec until = after(CLOCK_REALTIME, 50);
  EXPECT_EQ(pthread_cond_timedwait(&condition, &mutex, &until), EOWNERDEAD);
  EXPECT_EQ(pthread_mutex_consistent(&mutex), 0);
  EXPECT_EQ(pthread_mutex_unlock(&mutex), 0);
  finish(owner);
}

const struct test robust_tests[] = {
    {"robust mutexes: made consistent", made_consistent},
    {"robust mutexes: lost", lost},
    {"robust mutexes: told while waiting", told_while_waiting},
    {"robust mutexes: all that it had", all_that_it_had},
    {"robust mutexes: with a condition", with_a_condition},
    {NULL, NULL},
};
