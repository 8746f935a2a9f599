// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

#include "suite.h"

#include <limits.h>
#include <semaphore.h>
#include <stdint.h>
#include <stdlib.h>

static void values(void) {
  sem_t semaphore;
  int value = -1;
  EXPECT_ERROR(sem_init(&semaphore, 0, (unsigned)SEM_VALUE_MAX + 1), EINVAL);
  EXPECT_EQ(sem_init(&semaphore, 0, 2), 0);
  EXPECT_EQ(sem_wait(&semaphore), 0);
  EXPECT_EQ(sem_trywait(&semaphore), 0);
  EXPECT_ERROR(sem_trywait(&semaphore), EAGAIN);
  EXPECT_EQ(sem_getvalue(&semaphore, &value), 0);
  EXPECT_EQ(value, 0);
  EXPECT_EQ(sem_post(&semaphore), 0);
  EXPECT_EQ(sem_getvalue(&semaphore, &value), 0);
  EXPECT_EQ(value, 1);
  EXPECT_EQ(sem_destroy(&semaphore), 0);
#if IN_IMAGE
  EXPECT_ERROR(sem_post(&semaphore), EINVAL);
  EXPECT_ERROR(sem_wait(&semaphore), EINVAL);
  EXPECT_ERROR(sem_destroy(&semaphore), EINVAL);
#endif
  EXPECT_EQ(sem_init(&semaphore, 0, SEM_VALUE_MAX), 0);
  EXPECT_ERROR(sem_post(&semaphore), EOVERFLOW);
}

static void timeouts(void) {
  sem_t semaphore;
  EXPECT_EQ(sem_init(&semaphore, 0, 1), 0);
  struct timespec until = {0, 0};
  EXPECT_EQ(sem_timedwait(&semaphore, &until), 0);
  until.tv_nsec = -1;
  EXPECT_ERROR(sem_timedwait(&semaphore, &until), EINVAL);
  until = (struct timespec){0, 0};
  EXPECT_ERROR(sem_timedwait(&semaphore, &until), ETIMEDOUT);
  until = after(CLOCK_REALTIME, 10);
  EXPECT_ERROR(sem_timedwait(&semaphore, &until), ETIMEDOUT);
  until = after(CLOCK_MONOTONIC, 10);
  EXPECT_ERROR(sem_clockwait(&semaphore, CLOCK_MONOTONIC, &until), ETIMEDOUT);
  EXPECT_EQ(sem_destroy(&semaphore), 0);
}

struct pair {
  sem_t ping, pong;
};

static void* answer(void* argument) {
  struct pair* const pair = argument;
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(sem_wait(&pair->ping), 0);
    EXPECT_EQ(sem_post(&pair->pong), 0);
  }
  return NULL;
}

static void ping_and_pong(void) {
  struct pair pair;
  EXPECT_EQ(sem_init(&pair.ping, 0, 0), 0);
  EXPECT_EQ(sem_init(&pair.pong, 0, 0), 0);
  const pthread_t thread = start(answer, &pair);
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(sem_post(&pair.ping), 0);
    EXPECT_EQ(sem_wait(&pair.pong), 0);
  }
  finish(thread);
}

static void* post_it(void* argument) {
  sem_post(argument);
  return NULL;
}

// Whoever has been let go may destroy it, while the other is still in sem_post().
static void destroyed_by_the_waiter(void) {
  for (int i = 0; i < 200; ++i) {
    sem_t* const semaphore = malloc(sizeof *semaphore);
    EXPECT_EQ(sem_init(semaphore, 0, 0), 0);
    const pthread_t thread = start(post_it, semaphore);
    EXPECT_EQ(sem_wait(semaphore), 0);
    EXPECT_EQ(sem_destroy(semaphore), 0);
    memset(semaphore, 0xa5, sizeof *semaphore);
    free(semaphore);
    finish(thread);
  }
}

const struct test semaphore_tests[] = {
    {"semaphores: values", values},
    {"semaphores: timeouts", timeouts},
    {"semaphores: ping and pong", ping_and_pong},
    {"semaphores: destroyed by the waiter", destroyed_by_the_waiter},
    {NULL, NULL},
};
