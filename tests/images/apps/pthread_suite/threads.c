// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

#include "suite.h"

#include <sched.h>
#include <stdint.h>

static void* same(void* argument) { return argument; }

static void create_and_join(void) {
  int token;
  EXPECT(finish(start(same, &token)) == &token);
  EXPECT(finish(start(same, NULL)) == NULL);
}

static void* tell_self(void* argument) {
  *(pthread_t*)argument = pthread_self();
  return NULL;
}

static void self_and_equal(void) {
  pthread_t told;
  const pthread_t thread = start(tell_self, &told);
  finish(thread);
  EXPECT(pthread_equal(thread, told));
  EXPECT(!pthread_equal(thread, pthread_self()));
  EXPECT(pthread_equal(pthread_self(), pthread_self()));
}

static pthread_t named;

static void* find_own_name(void* argument) {
  return pthread_equal(named, pthread_self()) ? argument : NULL;
}

// Linux stores it before the thread runs. In an image this one runs before its creator goes on.
static void name_is_stored_first(void) {
  pthread_attr_t attributes;
  EXPECT_EQ(pthread_attr_init(&attributes), 0);
#if IN_IMAGE
  const struct sched_param parameter = {.sched_priority = 1};
  EXPECT_EQ(pthread_attr_setinheritsched(&attributes, PTHREAD_EXPLICIT_SCHED), 0);
  EXPECT_EQ(pthread_attr_setschedpolicy(&attributes, SCHED_FIFO), 0);
  EXPECT_EQ(pthread_attr_setschedparam(&attributes, &parameter), 0);
#endif
  EXPECT_EQ(pthread_create(&named, &attributes, find_own_name, ""), 0);
  EXPECT_EQ(pthread_attr_destroy(&attributes), 0);
  EXPECT(finish(named) != NULL);
}

static void* join_it(void* argument) {
  return (void*)(intptr_t)pthread_join(*(pthread_t*)argument, NULL);
}

static void join_oneself(void) {
  EXPECT_EQ(pthread_join(pthread_self(), NULL), EDEADLK);
  pthread_t self = pthread_self();
  const pthread_t other = start(join_it, &self);
  settle();
#if IN_IMAGE
  // A thread that waits for this one must not be waited for.
  EXPECT_EQ(pthread_join(other, NULL), EDEADLK);
#endif
  pthread_cancel(other);
  EXPECT(finish(other) == PTHREAD_CANCELED);
}

static void* sleep_until_told(void* argument) {
  while (get(argument) == 0) sleep_ms(1);
  return argument;
}

static void detach(void) {
  int go = 0;
  pthread_t thread = start(sleep_until_told, &go);
  EXPECT_EQ(pthread_detach(thread), 0);
  EXPECT_EQ(pthread_join(thread, NULL), EINVAL);
  EXPECT_EQ(pthread_detach(thread), EINVAL);
  put(&go, 1);
  settle();
#if IN_IMAGE
  EXPECT_EQ(pthread_join(thread, NULL), ESRCH);
  EXPECT_EQ(pthread_detach(thread), ESRCH);
  EXPECT_EQ(pthread_cancel(thread), ESRCH);
  EXPECT_EQ(pthread_join((pthread_t)-1, NULL), ESRCH);
  EXPECT_EQ(pthread_cancel((pthread_t)0), ESRCH);
#endif
  // One that has ended already.
  thread = start(same, NULL);
  settle();
  EXPECT_EQ(pthread_detach(thread), 0);
}

// Undefined for POSIX, and without an end for Linux' C library.
static void only_one_joins(void) {
#if IN_IMAGE
  int go = 0;
  pthread_t thread = start(sleep_until_told, &go);
  const pthread_t joiner = start(join_it, &thread);
  settle();
  EXPECT_EQ(pthread_join(thread, NULL), EINVAL);
  EXPECT_EQ(pthread_detach(thread), EINVAL);
  // One that gives up leaves it to others.
  EXPECT_EQ(pthread_cancel(joiner), 0);
  EXPECT(finish(joiner) == PTHREAD_CANCELED);
  put(&go, 1);
  EXPECT(finish(thread) == &go);
#endif
}

static void joins_that_do_not_wait(void) {
  int go = 0;
  void* result = NULL;
  const pthread_t thread = start(sleep_until_told, &go);
  EXPECT_EQ(pthread_tryjoin_np(thread, &result), EBUSY);
  struct timespec until = after(CLOCK_REALTIME, 5);
  EXPECT_EQ(pthread_timedjoin_np(thread, &result, &until), ETIMEDOUT);
  until = after(CLOCK_MONOTONIC, 5);
  EXPECT_EQ(pthread_clockjoin_np(thread, &result, CLOCK_MONOTONIC, &until), ETIMEDOUT);
#if IN_IMAGE
  until.tv_nsec = 1000000000;
  EXPECT_EQ(pthread_timedjoin_np(thread, &result, &until), EINVAL);
#endif
  put(&go, 1);
  until = after(CLOCK_REALTIME, 20000);
  EXPECT_EQ(pthread_timedjoin_np(thread, &result, &until), 0);
  EXPECT(result == &go);
  const pthread_t second = start(same, NULL);
  settle();
  EXPECT_EQ(pthread_tryjoin_np(second, NULL), 0);
}

static void exit_here(void) { pthread_exit((void*)(intptr_t)41); }
static void* exit_deep(void* argument) {
  exit_here();
  return argument;
}

static void exit_from_a_depth(void) { EXPECT_EQ((intptr_t)finish(start(exit_deep, NULL)), 41); }

static void names(void) {
  char name[16];
  int go = 0;
  const pthread_t thread = start(sleep_until_told, &go);
  EXPECT_EQ(pthread_setname_np(thread, "worker"), 0);
  EXPECT_EQ(pthread_getname_np(thread, name, sizeof name), 0);
  EXPECT_EQ(strcmp(name, "worker"), 0);
  EXPECT_EQ(pthread_getname_np(thread, name, 3), ERANGE);
  EXPECT_EQ(pthread_setname_np(thread, "sixteen letters!"), ERANGE);
  EXPECT_EQ(pthread_setname_np(thread, "fifteen letters"), 0);
  EXPECT_EQ(pthread_getname_np(thread, name, sizeof name), 0);
  EXPECT_EQ(strcmp(name, "fifteen letters"), 0);
  put(&go, 1);
  finish(thread);
}

static __thread int initialised = 7;
static __thread int zero;
static __thread _Alignas(64) char aligned[64];

static void* change_variables(void* argument) {
  EXPECT_EQ(initialised, 7);
  EXPECT_EQ(zero, 0);
  EXPECT_EQ((uintptr_t)aligned % 64, 0);
  EXPECT_EQ(errno, 0);
  initialised = zero = errno = 99;
  sched_yield();
  EXPECT_EQ(initialised + zero + errno, 3 * 99);
  return argument;
}

static void variables_of_a_thread(void) {
  initialised = 8;
  errno = 5;
  pthread_t threads[4];
  for (int i = 0; i < 4; ++i) threads[i] = start(change_variables, NULL);
  for (int i = 0; i < 4; ++i) finish(threads[i]);
  EXPECT_EQ(initialised, 8);
  EXPECT_EQ(zero, 0);
  EXPECT_EQ(errno, 5);
  initialised = 7;
}

static void many_come_and_go(void) {
  for (int i = 0; i < 2000; ++i) EXPECT(finish(start(same, &initialised)) == &initialised);
}

// As many as there is memory for; then an error, and all is well.
static void exhaustion(void) {
#if IN_IMAGE
  static pthread_t threads[4096];
  int go = 0, count = 0, error = 0;
  pthread_attr_t attributes;
  EXPECT_EQ(pthread_attr_init(&attributes), 0);
  EXPECT_EQ(pthread_attr_setstacksize(&attributes, 1 << 20), 0);
  while (count < 4096 && error == 0) {
    error = pthread_create(&threads[count], &attributes, sleep_until_told, &go);
    if (error == 0) ++count;
  }
  EXPECT_EQ(pthread_attr_destroy(&attributes), 0);
  EXPECT_EQ(error, EAGAIN);
  EXPECT(count > 20);
  put(&go, 1);
  while (count > 0) finish(threads[--count]);
  finish(start(same, NULL));
#endif
}

const struct test thread_tests[] = {
    {"threads: create and join", create_and_join},
    {"threads: self and equal", self_and_equal},
    {"threads: name is stored first", name_is_stored_first},
    {"threads: join oneself", join_oneself},
    {"threads: detach", detach},
    {"threads: only one joins", only_one_joins},
    {"threads: joins that do not wait", joins_that_do_not_wait},
    {"threads: exit from a depth", exit_from_a_depth},
    {"threads: names", names},
    {"threads: variables of a thread", variables_of_a_thread},
    {"threads: many come and go", many_come_and_go},
    {"threads: exhaustion", exhaustion},
    {NULL, NULL},
};
