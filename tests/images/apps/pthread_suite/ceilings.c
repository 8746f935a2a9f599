// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

#include "suite.h"

#include <sched.h>

static void attributes(void) {
  pthread_mutexattr_t attributes;
  pthread_mutex_t mutex;
  int value = -1;
  const int highest = sched_get_priority_max(SCHED_FIFO);
  EXPECT_EQ(pthread_mutexattr_init(&attributes), 0);
  EXPECT_EQ(pthread_mutexattr_setprotocol(&attributes, PTHREAD_PRIO_PROTECT), 0);
  EXPECT_EQ(pthread_mutexattr_getprotocol(&attributes, &value), 0);
  EXPECT_EQ(value, PTHREAD_PRIO_PROTECT);
  EXPECT_EQ(pthread_mutexattr_getprioceiling(&attributes, &value), 0);
  EXPECT(value >= sched_get_priority_min(SCHED_FIFO) && value <= highest);
  EXPECT_EQ(pthread_mutexattr_setprioceiling(&attributes, highest + 1), EINVAL);
  EXPECT_EQ(pthread_mutexattr_setprioceiling(&attributes, -1), EINVAL);
  EXPECT_EQ(pthread_mutexattr_setprioceiling(&attributes, 7), 0);
  EXPECT_EQ(pthread_mutexattr_getprioceiling(&attributes, &value), 0);
  EXPECT_EQ(value, 7);
  EXPECT_EQ(pthread_mutex_init(&mutex, &attributes), 0);
  EXPECT_EQ(pthread_mutex_getprioceiling(&mutex, &value), 0);
  EXPECT_EQ(value, 7);
  EXPECT_EQ(pthread_mutex_setprioceiling(&mutex, highest + 1, &value), EINVAL);
  EXPECT_EQ(pthread_mutex_destroy(&mutex), 0);
  EXPECT_EQ(pthread_mutex_init(&mutex, NULL), 0);
  EXPECT_EQ(pthread_mutex_getprioceiling(&mutex, &value), EINVAL);
  EXPECT_EQ(pthread_mutex_setprioceiling(&mutex, 3, &value), EINVAL);
  EXPECT_EQ(pthread_mutex_destroy(&mutex), 0);
}

#if IN_IMAGE  // Linux asks for a privilege
static void make(pthread_mutex_t* mutex, int type, int ceiling) {
  pthread_mutexattr_t attributes;
  EXPECT_EQ(pthread_mutexattr_init(&attributes), 0);
  EXPECT_EQ(pthread_mutexattr_settype(&attributes, type), 0);
  EXPECT_EQ(pthread_mutexattr_setprotocol(&attributes, PTHREAD_PRIO_PROTECT), 0);
  EXPECT_EQ(pthread_mutexattr_setprioceiling(&attributes, ceiling), 0);
  EXPECT_EQ(pthread_mutex_init(mutex, &attributes), 0);
  EXPECT_EQ(pthread_mutexattr_destroy(&attributes), 0);
}

static void be(int policy, int priority) {
  struct sched_param parameter;
  memset(&parameter, 0, sizeof parameter);
  parameter.sched_priority = priority;
  EXPECT_EQ(pthread_setschedparam(pthread_self(), policy, &parameter), 0);
}

static int own_priority(void) {
  struct sched_param parameter;
  int policy;
  EXPECT_EQ(pthread_getschedparam(pthread_self(), &policy, &parameter), 0);
  return parameter.sched_priority;
}

static void above_the_ceiling(void) {
  pthread_mutex_t mutex;
  int value = -1;
  make(&mutex, PTHREAD_MUTEX_NORMAL, 5);
  be(SCHED_FIFO, 6);
  EXPECT_EQ(pthread_mutex_lock(&mutex), EINVAL);
  EXPECT_EQ(pthread_mutex_trylock(&mutex), EINVAL);
  // To change it one need not be below it.
  EXPECT_EQ(pthread_mutex_setprioceiling(&mutex, 6, &value), 0);
  EXPECT_EQ(value, 5);
  EXPECT_EQ(pthread_mutex_lock(&mutex), 0);
  EXPECT_EQ(pthread_mutex_setprioceiling(&mutex, 7, &value), EDEADLK);
  EXPECT_EQ(pthread_mutex_unlock(&mutex), 0);
  be(SCHED_OTHER, 0);
  EXPECT_EQ(pthread_mutex_trylock(&mutex), 0);
  EXPECT_EQ(pthread_mutex_trylock(&mutex), EBUSY);
  EXPECT_EQ(pthread_mutex_unlock(&mutex), 0);
  EXPECT_EQ(pthread_mutex_destroy(&mutex), 0);
}

static void* count_one(void* argument) {
  __atomic_add_fetch((int*)argument, 1, __ATOMIC_RELAXED);
  return NULL;
}

// A thread with a priority, ready from now on, on the first CPU.
static pthread_t start_with(int priority, void* (*function)(void*), void* argument) {
  pthread_attr_t attributes;
  struct sched_param parameter;
  cpu_set_t first;
  pthread_t thread;
  CPU_ZERO(&first);
  CPU_SET(0, &first);
  memset(&parameter, 0, sizeof parameter);
  parameter.sched_priority = priority;
  EXPECT_EQ(pthread_attr_init(&attributes), 0);
  EXPECT_EQ(pthread_attr_setinheritsched(&attributes, PTHREAD_EXPLICIT_SCHED), 0);
  EXPECT_EQ(pthread_attr_setschedpolicy(&attributes, SCHED_FIFO), 0);
  EXPECT_EQ(pthread_attr_setschedparam(&attributes, &parameter), 0);
  EXPECT_EQ(pthread_attr_setstacksize(&attributes, 64 * 1024), 0);
  EXPECT_EQ(pthread_attr_setaffinity_np(&attributes, sizeof first, &first), 0);
  EXPECT_EQ(pthread_create(&thread, &attributes, function, argument), 0);
  return thread;
}

// Whether a thread of higher priority runs at once.
static int has_priorities(void) {
  int ran = 0;
  const pthread_t thread = start_with(1, count_one, &ran);
  const int at_once = get(&ran);
  finish(thread);
  return at_once;
}

static cpu_set_t all_cpus;
static void stay_on_the_first_cpu(void) {
  cpu_set_t first;
  EXPECT_EQ(sched_getaffinity(0, sizeof all_cpus, &all_cpus), 0);
  CPU_ZERO(&first);
  CPU_SET(0, &first);
  EXPECT_EQ(sched_setaffinity(0, sizeof first, &first), 0);
}

static void the_owner_has_the_ceiling(void) {
  pthread_mutex_t low, high;
  int ran = 0;
  stay_on_the_first_cpu();
  const int priorities = has_priorities();
  make(&low, PTHREAD_MUTEX_RECURSIVE, 4);
  make(&high, PTHREAD_MUTEX_NORMAL, 8);
  EXPECT_EQ(pthread_mutex_lock(&low), 0);
  EXPECT_EQ(pthread_mutex_lock(&low), 0);
  EXPECT_EQ(own_priority(), 0);
  const pthread_t lower = start_with(4, count_one, &ran);
  EXPECT_EQ(pthread_mutex_lock(&high), 0);
  const pthread_t between = start_with(6, count_one, &ran);
  if (priorities) EXPECT_EQ(get(&ran), 0);
  // Its own changes meanwhile, and counts for nothing yet.
  be(SCHED_FIFO, 2);
  EXPECT_EQ(own_priority(), 2);
  if (priorities) EXPECT_EQ(get(&ran), 0);
  EXPECT_EQ(pthread_mutex_unlock(&high), 0);
  if (priorities) EXPECT(get(&ran) >= 1);
  be(SCHED_OTHER, 0);
  EXPECT_EQ(pthread_mutex_unlock(&low), 0);
  EXPECT_EQ(pthread_mutex_unlock(&low), 0);
  if (priorities) EXPECT_EQ(get(&ran), 2);
  EXPECT_EQ(own_priority(), 0);
  finish(lower);
  finish(between);
  EXPECT_EQ(pthread_mutex_destroy(&low), 0);
  EXPECT_EQ(pthread_mutex_destroy(&high), 0);
  EXPECT_EQ(sched_setaffinity(0, sizeof all_cpus, &all_cpus), 0);
}

struct race {
  pthread_mutex_t mutex;
  int waits, ended;
  int owner, other;  // the turns in which they came
};

static void* own_it(void* argument) {
  struct race* const race = argument;
  put(&race->waits, 1);
  EXPECT_EQ(pthread_mutex_lock(&race->mutex), 0);
  race->owner = __atomic_add_fetch(&race->ended, 1, __ATOMIC_RELAXED);
  EXPECT_EQ(pthread_mutex_unlock(&race->mutex), 0);
  return NULL;
}

static void* be_important(void* argument) {
  struct race* const race = argument;
  race->other = __atomic_add_fetch(&race->ended, 1, __ATOMIC_RELAXED);
  return NULL;
}

// Who gets the mutex after a wait has the ceiling before anybody can come between.
static void the_next_owner_has_it_at_once(void) {
  struct race race = {.waits = 0};
  stay_on_the_first_cpu();
  make(&race.mutex, PTHREAD_MUTEX_NORMAL, 9);
  const int priorities = has_priorities();
  EXPECT_EQ(pthread_mutex_lock(&race.mutex), 0);
  const pthread_t owner = start_with(1, own_it, &race);
  while (get(&race.waits) == 0) sleep_ms(1);
  settle();
  const pthread_t other = start_with(5, be_important, &race);
  EXPECT_EQ(pthread_mutex_unlock(&race.mutex), 0);
  finish(owner);
  finish(other);
  if (priorities) EXPECT(race.owner < race.other);
  EXPECT_EQ(pthread_mutex_destroy(&race.mutex), 0);
  EXPECT_EQ(sched_setaffinity(0, sizeof all_cpus, &all_cpus), 0);
}

static void* hold_for_a_while(void* argument) {
  EXPECT_EQ(pthread_mutex_lock(argument), 0);
  sleep_ms(20);
  EXPECT_EQ(pthread_mutex_unlock(argument), 0);
  return NULL;
}

static void waits(void) {
  pthread_mutex_t mutex;
  pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
  make(&mutex, PTHREAD_MUTEX_ERRORCHECK, 9);
  const pthread_t thread = start(hold_for_a_while, &mutex);
  while (pthread_mutex_trylock(&mutex) == 0) {
    EXPECT_EQ(pthread_mutex_unlock(&mutex), 0);
    sched_yield();
  }
  struct timespec until = after(CLOCK_REALTIME, 1);
  EXPECT_EQ(pthread_mutex_timedlock(&mutex, &until), ETIMEDOUT);
  EXPECT_EQ(pthread_mutex_lock(&mutex), 0);
  EXPECT_EQ(pthread_mutex_lock(&mutex), EDEADLK);
  until = after(CLOCK_REALTIME, 2);
  EXPECT_EQ(pthread_cond_timedwait(&condition, &mutex, &until), ETIMEDOUT);
  EXPECT_EQ(pthread_mutex_unlock(&mutex), 0);
  EXPECT_EQ(pthread_mutex_unlock(&mutex), EPERM);
  finish(thread);
  EXPECT_EQ(pthread_mutex_destroy(&mutex), 0);
}
#endif

const struct test ceiling_tests[] = {
    {"ceilings: attributes", attributes},
#if IN_IMAGE
    {"ceilings: above the ceiling", above_the_ceiling},
    {"ceilings: the owner has the ceiling", the_owner_has_the_ceiling},
    {"ceilings: the next owner has it at once", the_next_owner_has_it_at_once},
    {"ceilings: waits", waits},
#endif
    {NULL, NULL},
};
