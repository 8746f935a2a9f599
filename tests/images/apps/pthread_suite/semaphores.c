// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

#include "suite.h"

#include <fcntl.h>
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

static int value_of(sem_t* semaphore) {
  int value = -1;
  EXPECT_EQ(sem_getvalue(semaphore, &value), 0);
  return value;
}

#define EXPECT_FAILED(call, error) \
  do {                             \
    errno = 0;                     \
    EXPECT_EQ(call, SEM_FAILED);   \
    EXPECT_EQ(errno, error);       \
  } while (0)

static void names(void) {
  static const char name[] = "/atoll-suite";
  sem_unlink(name);  // of a run that was ended
  EXPECT_FAILED(sem_open(name, 0), ENOENT);
  EXPECT_ERROR(sem_unlink(name), ENOENT);
  sem_t* const first = sem_open(name, O_CREAT | O_EXCL, 0600, 3);
  EXPECT(first != SEM_FAILED);
  EXPECT_EQ(value_of(first), 3);
  EXPECT_FAILED(sem_open(name, O_CREAT | O_EXCL, 0600, 1), EEXIST);
  EXPECT_EQ(sem_open(name, O_CREAT, 0600, 9), first);
  EXPECT_EQ(sem_open(name, 0), first);
  EXPECT_EQ(value_of(first), 3);
  EXPECT_EQ(sem_wait(first), 0);
  EXPECT_EQ(sem_close(first), 0);
  EXPECT_EQ(sem_close(first), 0);
  EXPECT_EQ(value_of(first), 2);
  EXPECT_EQ(sem_close(first), 0);
#if IN_IMAGE
  EXPECT_ERROR(sem_close(first), EINVAL);
#endif
  // It keeps its value while nobody has it open.
  sem_t* const again = sem_open(name, 0);
  EXPECT(again != SEM_FAILED);
  EXPECT_EQ(value_of(again), 2);
  // Without its name it lives until it is closed, beside another that has got the name.
  EXPECT_EQ(sem_unlink(name), 0);
  EXPECT_ERROR(sem_unlink(name), ENOENT);
  EXPECT_FAILED(sem_open(name, 0), ENOENT);
  sem_t* const other = sem_open(name, O_CREAT, 0600, 7);
  EXPECT(other != SEM_FAILED && other != again);
  EXPECT_EQ(sem_post(again), 0);
  EXPECT_EQ(value_of(again), 3);
  EXPECT_EQ(value_of(other), 7);
  EXPECT_EQ(sem_close(again), 0);
#if IN_IMAGE
  EXPECT_ERROR(sem_close(again), EINVAL);
  sem_t none;
  EXPECT_EQ(sem_init(&none, 0, 0), 0);
  EXPECT_ERROR(sem_close(&none), EINVAL);
#endif
  EXPECT_EQ(sem_unlink(name), 0);
  EXPECT_EQ(sem_close(other), 0);
}

static void bad_names(void) {
  EXPECT_FAILED(sem_open("", O_CREAT, 0600, 1), EINVAL);
  EXPECT_FAILED(sem_open("/", O_CREAT, 0600, 1), EINVAL);
  EXPECT_FAILED(sem_open("/a/b", O_CREAT, 0600, 1), EINVAL);
  EXPECT_FAILED(sem_open("/atoll-many", O_CREAT, 0600, (unsigned)SEM_VALUE_MAX + 1), EINVAL);
  EXPECT_ERROR(sem_unlink("/atoll-many"), ENOENT);
  char name[300] = "/";
  memset(name + 1, 'x', 251);
  sem_t* const longest = sem_open(name, O_CREAT | O_EXCL, 0600, 1);
  EXPECT(longest != SEM_FAILED);
  EXPECT_EQ(sem_unlink(name), 0);
  EXPECT_EQ(sem_close(longest), 0);
  memset(name + 1, 'x', 298);
#if IN_IMAGE  // glibc calls it invalid
  EXPECT_FAILED(sem_open(name, O_CREAT, 0600, 1), ENAMETOOLONG);
  EXPECT_ERROR(sem_unlink(name), ENAMETOOLONG);
  EXPECT_ERROR(sem_unlink("/a/b"), EINVAL);
#else
  EXPECT_EQ(sem_open(name, O_CREAT, 0600, 1), SEM_FAILED);
#endif
}

static void* answer_by_name(void* argument) {
  sem_t* const semaphore = sem_open(argument, 0);
  EXPECT_EQ(sem_post(semaphore), 0);
  EXPECT_EQ(sem_close(semaphore), 0);
  return NULL;
}

static void met_by_name(void) {
  static char name[] = "/atoll-suite-meet";
  sem_unlink(name);
  sem_t* const semaphore = sem_open(name, O_CREAT, 0600, 0);
  const pthread_t thread = start(answer_by_name, name);
  EXPECT_EQ(sem_wait(semaphore), 0);
  finish(thread);
  EXPECT_EQ(sem_unlink(name), 0);
  EXPECT_EQ(sem_close(semaphore), 0);
}

const struct test semaphore_tests[] = {
    {"semaphores: values", values},
    {"semaphores: timeouts", timeouts},
    {"semaphores: ping and pong", ping_and_pong},
    {"semaphores: names", names},
    {"semaphores: bad names", bad_names},
    {"semaphores: met by name", met_by_name},
    {"semaphores: destroyed by the waiter", destroyed_by_the_waiter},
    {NULL, NULL},
};
