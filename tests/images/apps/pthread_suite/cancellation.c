// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

#include "suite.h"

#include <sched.h>
#include <semaphore.h>
#include <stdint.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static sem_t semaphore;
static int at_work, cleaned;

static void unlock(void* locked) { pthread_mutex_unlock(locked); }

static void* wait_on_condition(void* argument) {
  pthread_mutex_lock(&mutex);
  put(&at_work, 1);
  pthread_cleanup_push(unlock, &mutex);
  for (;;) pthread_cond_wait(&condition, &mutex);
  pthread_cleanup_pop(1);
  return argument;
}
static void* wait_on_semaphore(void* argument) {
  put(&at_work, 1);
  sem_wait(&semaphore);
  return argument;
}
static void* wait_asleep(void* argument) {
  put(&at_work, 1);
  for (;;) sleep_ms(10000);
  return argument;
}
static void* wait_in_sleep(void* argument) {
  put(&at_work, 1);
  for (;;) sleep(100);
  return argument;
}
static void* wait_in_timed(void* argument) {
  put(&at_work, 1);
  const struct timespec until = after(CLOCK_REALTIME, 100000);
  pthread_mutex_lock(&mutex);
  pthread_cleanup_push(unlock, &mutex);
  for (;;) pthread_cond_timedwait(&condition, &mutex, &until);
  pthread_cleanup_pop(1);
  return argument;
}
static void* wait_without_blocking(void* argument) {
  put(&at_work, 1);
  for (;;) {
    pthread_testcancel();
    sched_yield();
  }
  return argument;
}
static void* wait_in_join(void* argument) {
  pthread_t self = pthread_self();
  const pthread_t other = start(wait_asleep, NULL);
  pthread_join(other, NULL);
  return argument == NULL ? NULL : (void*)self;
}

static void every_wait(void) {
  void* (*const waits[])(void*) = {wait_on_condition, wait_on_semaphore, wait_asleep,
                                   wait_in_sleep,     wait_in_timed,     wait_without_blocking,
                                   wait_in_join};
  EXPECT_EQ(sem_init(&semaphore, 0, 0), 0);
  for (size_t i = 0; i < sizeof waits / sizeof *waits; ++i) {
    for (int early = 0; early < 2; ++early) {
      put(&at_work, 0);
      const pthread_t thread = start(waits[i], NULL);
      if (!early) {
        await(&at_work, 1);
        settle();
      }
      EXPECT_EQ(pthread_cancel(thread), 0);
      EXPECT(finish(thread) == PTHREAD_CANCELED);
    }
  }
  EXPECT_EQ(pthread_mutex_trylock(&mutex), 0);
  EXPECT_EQ(pthread_mutex_unlock(&mutex), 0);
  EXPECT_EQ(sem_destroy(&semaphore), 0);
}

static void* disable(void* argument) {
  int before = -1;
  EXPECT_EQ(pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before), 0);
  EXPECT_EQ(before, PTHREAD_CANCEL_ENABLE);
  put(&at_work, 1);
  for (int i = 0; i < 10; ++i) sleep_ms(2);
  pthread_testcancel();
  put(argument, 1);
  EXPECT_EQ(pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &before), 0);
  EXPECT_EQ(before, PTHREAD_CANCEL_DISABLE);
  pthread_testcancel();
  put(argument, 2);
  return NULL;
}

static void not_while_disabled(void) {
  int progress = 0;
  put(&at_work, 0);
  const pthread_t thread = start(disable, &progress);
  await(&at_work, 1);
  EXPECT_EQ(pthread_cancel(thread), 0);
  EXPECT_EQ(pthread_cancel(thread), 0);
  EXPECT(finish(thread) == PTHREAD_CANCELED);
  EXPECT_EQ(progress, 1);
}

static void* lock_it(void* argument) {
  EXPECT_EQ(pthread_mutex_lock(&mutex), 0);
  put(argument, 1);
  EXPECT_EQ(pthread_mutex_unlock(&mutex), 0);
  pthread_testcancel();
  return NULL;
}

// Waiting for a mutex is no cancellation point.
static void not_in_a_mutex(void) {
  int locked = 0;
  pthread_mutex_lock(&mutex);
  const pthread_t thread = start(lock_it, &locked);
  settle();
  EXPECT_EQ(pthread_cancel(thread), 0);
  settle();
  EXPECT_EQ(get(&locked), 0);
  pthread_mutex_unlock(&mutex);
  EXPECT(finish(thread) == PTHREAD_CANCELED);
  EXPECT_EQ(locked, 1);
}

static void count_cleaned(void* argument) {
  cleaned += (int)(intptr_t)argument;
  pthread_testcancel();
  sleep_ms(1);
}

static void* cancel_oneself(void* argument) {
  pthread_cleanup_push(count_cleaned, (void*)1);
  pthread_cleanup_push(count_cleaned, (void*)10);
  EXPECT_EQ(pthread_cancel(pthread_self()), 0);
  pthread_testcancel();
  pthread_cleanup_pop(0);
  pthread_cleanup_pop(0);
  return argument;
}

static void oneself_with_handlers(void) {
  EXPECT(finish(start(cancel_oneself, NULL)) == PTHREAD_CANCELED);
  EXPECT_EQ(cleaned, 11);
}

static void* change_type(void* argument) {
  int before = -1;
  EXPECT_EQ(pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &before), 0);
  EXPECT_EQ(before, PTHREAD_CANCEL_DEFERRED);
  EXPECT_EQ(pthread_setcanceltype(PTHREAD_CANCEL_DEFERRED, &before), 0);
  EXPECT_EQ(before, PTHREAD_CANCEL_ASYNCHRONOUS);
  EXPECT_EQ(pthread_setcanceltype(9, &before), EINVAL);
  EXPECT_EQ(pthread_setcancelstate(9, &before), EINVAL);
  EXPECT_EQ(pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL), 0);
  pthread_cancel(pthread_self());
  return argument;
}

static void asynchronously(void) {
  EXPECT(finish(start(change_type, &cleaned)) == PTHREAD_CANCELED);
}

static void* ready(void* argument) { return argument; }

static void after_the_end(void) {
  const pthread_t thread = start(ready, &cleaned);
  settle();
  EXPECT_EQ(pthread_cancel(thread), 0);
  EXPECT(finish(thread) == &cleaned);
}

const struct test cancellation_tests[] = {
    {"cancellation: every wait", every_wait},
    {"cancellation: not while disabled", not_while_disabled},
    {"cancellation: not in a mutex", not_in_a_mutex},
    {"cancellation: oneself, with handlers", oneself_with_handlers},
    {"cancellation: asynchronously", asynchronously},
    {"cancellation: after the end", after_the_end},
    {NULL, NULL},
};
