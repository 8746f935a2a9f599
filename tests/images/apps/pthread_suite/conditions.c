// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

#include "suite.h"

#include <sched.h>
#include <stdint.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

struct queue {
  pthread_cond_t filled, emptied;
  int items[4];
  int first, count;
};

static void* produce(void* argument) {
  struct queue* const queue = argument;
  for (int i = 1; i <= 500; ++i) {
    pthread_mutex_lock(&mutex);
    while (queue->count == 4) EXPECT_EQ(pthread_cond_wait(&queue->emptied, &mutex), 0);
    queue->items[(queue->first + queue->count++) % 4] = i;
    EXPECT_EQ(pthread_cond_signal(&queue->filled), 0);
    pthread_mutex_unlock(&mutex);
  }
  return NULL;
}

static void* consume(void* argument) {
  struct queue* const queue = argument;
  long sum = 0;
  for (int i = 1; i <= 500; ++i) {
    pthread_mutex_lock(&mutex);
    while (queue->count == 0) EXPECT_EQ(pthread_cond_wait(&queue->filled, &mutex), 0);
    sum += queue->items[queue->first];
    queue->first = (queue->first + 1) % 4;
    --queue->count;
    EXPECT_EQ(pthread_cond_signal(&queue->emptied), 0);
    pthread_mutex_unlock(&mutex);
  }
  return (void*)sum;
}

static void producers_and_consumers(void) {
  struct queue queue = {PTHREAD_COND_INITIALIZER, PTHREAD_COND_INITIALIZER, {0}, 0, 0};
  pthread_t threads[8];
  for (int i = 0; i < 4; ++i) {
    threads[i] = start(produce, &queue);
    threads[4 + i] = start(consume, &queue);
  }
  long sum = 0;
  for (int i = 0; i < 8; ++i) sum += (long)finish(threads[i]);
  EXPECT_EQ(sum, 4L * 500 * 501 / 2);
  EXPECT_EQ(pthread_cond_destroy(&queue.filled), 0);
  EXPECT_EQ(pthread_cond_destroy(&queue.emptied), 0);
}

static void timeouts(void) {
  pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
  pthread_mutex_lock(&mutex);
  struct timespec until = after(CLOCK_REALTIME, 10);
  int error = 0;
  while (error == 0) error = pthread_cond_timedwait(&condition, &mutex, &until);
  EXPECT_EQ(error, ETIMEDOUT);
  until = after(CLOCK_MONOTONIC, 10);
  for (error = 0; error == 0;) {
    error = pthread_cond_clockwait(&condition, &mutex, CLOCK_MONOTONIC, &until);
  }
  EXPECT_EQ(error, ETIMEDOUT);
  until.tv_nsec = -1;
  EXPECT_EQ(pthread_cond_timedwait(&condition, &mutex, &until), EINVAL);
  until = (struct timespec){0, 0};
  EXPECT_EQ(pthread_cond_timedwait(&condition, &mutex, &until), ETIMEDOUT);
  pthread_mutex_unlock(&mutex);
}

static void monotonic_clock(void) {
  pthread_condattr_t attributes;
  pthread_cond_t condition;
  clockid_t clock = -1;
  int shared = -1;
  EXPECT_EQ(pthread_condattr_init(&attributes), 0);
  EXPECT_EQ(pthread_condattr_getclock(&attributes, &clock), 0);
  EXPECT_EQ(clock, CLOCK_REALTIME);
  EXPECT_EQ(pthread_condattr_setclock(&attributes, 12345), EINVAL);
  EXPECT_EQ(pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC), 0);
  EXPECT_EQ(pthread_condattr_setpshared(&attributes, 7), EINVAL);
  EXPECT_EQ(pthread_condattr_setpshared(&attributes, PTHREAD_PROCESS_PRIVATE), 0);
  EXPECT_EQ(pthread_condattr_getpshared(&attributes, &shared), 0);
  EXPECT_EQ(shared, PTHREAD_PROCESS_PRIVATE);
  EXPECT_EQ(pthread_cond_init(&condition, &attributes), 0);
  EXPECT_EQ(pthread_condattr_destroy(&attributes), 0);
  pthread_mutex_lock(&mutex);
  const struct timespec until = after(CLOCK_MONOTONIC, 10);
  int error = 0;
  while (error == 0) error = pthread_cond_timedwait(&condition, &mutex, &until);
  EXPECT_EQ(error, ETIMEDOUT);
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  EXPECT(now.tv_sec > until.tv_sec || (now.tv_sec == until.tv_sec && now.tv_nsec >= until.tv_nsec));
  pthread_mutex_unlock(&mutex);
  EXPECT_EQ(pthread_cond_destroy(&condition), 0);
}

struct gate {
  pthread_cond_t* condition;
  int waiting, open;
};

static void* pass(void* argument) {
  struct gate* const gate = argument;
  pthread_mutex_lock(&mutex);
  ++gate->waiting;
  while (!gate->open) pthread_cond_wait(gate->condition, &mutex);
  pthread_mutex_unlock(&mutex);
  return NULL;
}

// XSH pthread_cond_destroy(): once nobody is blocked in it its memory is the caller's,
// though those that were woken have not gone far.
static void broadcast_and_free(void) {
  for (int round = 0; round < 20; ++round) {
    pthread_cond_t condition, untouched;
    struct gate gate = {&condition, 0, 0};
    pthread_t threads[10];
    EXPECT_EQ(pthread_cond_init(&condition, NULL), 0);
    for (int i = 0; i < 10; ++i) threads[i] = start(pass, &gate);
    pthread_mutex_lock(&mutex);
    while (gate.waiting < 10) {
      pthread_mutex_unlock(&mutex);
      sched_yield();
      pthread_mutex_lock(&mutex);
    }
#if IN_IMAGE
    EXPECT_EQ(pthread_cond_destroy(&condition), EBUSY);
#endif
    gate.open = 1;
    EXPECT_EQ(pthread_cond_broadcast(&condition), 0);
    EXPECT_EQ(pthread_cond_destroy(&condition), 0);
    memset(&condition, 0xa5, sizeof condition);
    memset(&untouched, 0xa5, sizeof untouched);
    pthread_mutex_unlock(&mutex);
    for (int i = 0; i < 10; ++i) finish(threads[i]);
    EXPECT_EQ(memcmp(&condition, &untouched, sizeof condition), 0);
  }
}

static void mistakes(void) {
#if IN_IMAGE
  pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
  EXPECT_EQ(pthread_cond_wait(&condition, &mutex), EPERM);
  EXPECT_EQ(pthread_cond_destroy(&condition), 0);
  EXPECT_EQ(pthread_cond_signal(&condition), EINVAL);
  EXPECT_EQ(pthread_cond_broadcast(&condition), EINVAL);
  EXPECT_EQ(pthread_cond_destroy(&condition), EINVAL);
  pthread_mutex_lock(&mutex);
  EXPECT_EQ(pthread_cond_wait(&condition, &mutex), EINVAL);
  pthread_mutex_unlock(&mutex);
#endif
}

static void* pass_recursively(void* argument) {
  struct gate* const gate = argument;
  static pthread_mutex_t recursive = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
  EXPECT_EQ(pthread_mutex_lock(&recursive), 0);
  EXPECT_EQ(pthread_mutex_lock(&recursive), 0);
  const struct timespec until = after(CLOCK_REALTIME, 5);
  EXPECT_EQ(pthread_cond_timedwait(gate->condition, &recursive, &until), ETIMEDOUT);
  EXPECT_EQ(pthread_mutex_unlock(&recursive), 0);
  EXPECT_EQ(pthread_mutex_unlock(&recursive), 0);
  EXPECT_EQ(pthread_mutex_unlock(&recursive), EPERM);
  return NULL;
}

static void with_a_recursive_mutex(void) {
  pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
  struct gate gate = {&condition, 0, 0};
  finish(start(pass_recursively, &gate));
}

const struct test condition_tests[] = {
    {"conditions: producers and consumers", producers_and_consumers},
    {"conditions: timeouts", timeouts},
    {"conditions: monotonic clock", monotonic_clock},
    {"conditions: broadcast and free", broadcast_and_free},
    {"conditions: mistakes", mistakes},
    {"conditions: with a recursive mutex", with_a_recursive_mutex},
    {NULL, NULL},
};
