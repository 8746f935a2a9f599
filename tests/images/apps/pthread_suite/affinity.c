// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

#include "suite.h"

#include <sched.h>
#include <stdlib.h>
#include <unistd.h>

static void sets(void) {
  cpu_set_t one, other, both;
  CPU_ZERO(&one);
  EXPECT_EQ(CPU_COUNT(&one), 0);
  CPU_SET(0, &one);
  CPU_SET(64, &one);
  CPU_SET(1023, &one);
  CPU_SET(5000, &one);
  EXPECT_EQ(CPU_COUNT(&one), 3);
  EXPECT(CPU_ISSET(64, &one));
  EXPECT(!CPU_ISSET(63, &one));
  EXPECT(!CPU_ISSET(5000, &one));
  CPU_ZERO(&other);
  CPU_SET(64, &other);
  CPU_SET(2, &other);
  CPU_AND(&both, &one, &other);
  EXPECT_EQ(CPU_COUNT(&both), 1);
  CPU_OR(&both, &one, &other);
  EXPECT_EQ(CPU_COUNT(&both), 4);
  CPU_XOR(&both, &one, &other);
  EXPECT_EQ(CPU_COUNT(&both), 3);
  EXPECT(!CPU_ISSET(64, &both));
  CPU_CLR(64, &one);
  EXPECT_EQ(CPU_COUNT(&one), 2);
  EXPECT(!CPU_EQUAL(&one, &other));
  other = one;
  EXPECT(CPU_EQUAL(&one, &other));

  cpu_set_t* const large = CPU_ALLOC(2000);
  const size_t size = CPU_ALLOC_SIZE(2000);
  EXPECT_EQ(size, 256);
  CPU_ZERO_S(size, large);
  CPU_SET_S(1999, size, large);
  EXPECT(CPU_ISSET_S(1999, size, large));
  EXPECT_EQ(CPU_COUNT_S(size, large), 1);
  CPU_CLR_S(1999, size, large);
  EXPECT_EQ(CPU_COUNT_S(size, large), 0);
  CPU_FREE(large);
}

static int first_of(const cpu_set_t* set) {
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (CPU_ISSET(cpu, set)) return cpu;
  }
  return -1;
}

// On each CPU in turn.
static void of_oneself(void) {
  cpu_set_t all, one, found;
  EXPECT_EQ(sched_getaffinity(0, sizeof all, &all), 0);
  EXPECT_EQ(CPU_COUNT(&all), sysconf(_SC_NPROCESSORS_ONLN));
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (!CPU_ISSET(cpu, &all)) continue;
    CPU_ZERO(&one);
    CPU_SET(cpu, &one);
    EXPECT_EQ(sched_setaffinity(0, sizeof one, &one), 0);
    EXPECT_EQ(sched_getcpu(), cpu);
    EXPECT_EQ(pthread_getaffinity_np(pthread_self(), sizeof found, &found), 0);
    EXPECT(CPU_EQUAL(&found, &one));
  }
  EXPECT_EQ(pthread_setaffinity_np(pthread_self(), sizeof all, &all), 0);
  EXPECT_EQ(sched_getaffinity(0, sizeof found, &found), 0);
  EXPECT(CPU_EQUAL(&found, &all));
}

static void what_is_refused(void) {
  cpu_set_t all, set;
  EXPECT_EQ(sched_getaffinity(0, sizeof all, &all), 0);
  CPU_ZERO(&set);
  EXPECT_ERROR(sched_setaffinity(0, sizeof set, &set), EINVAL);
  EXPECT_EQ(pthread_setaffinity_np(pthread_self(), sizeof set, &set), EINVAL);
  CPU_SET(1023, &set);  // nobody has so many
  EXPECT_ERROR(sched_setaffinity(0, sizeof set, &set), EINVAL);
  EXPECT_ERROR(sched_getaffinity(0, 0, &set), EINVAL);
  EXPECT_ERROR(sched_getaffinity(0, 12, &set), EINVAL);
  EXPECT_EQ(pthread_getaffinity_np(pthread_self(), 4, &set), EINVAL);
  EXPECT_ERROR(sched_setaffinity(0x3fffffff, sizeof all, &all), ESRCH);
  EXPECT_ERROR(sched_getaffinity(0x3fffffff, sizeof set, &set), ESRCH);
  EXPECT_EQ(sched_getaffinity(0, sizeof set, &set), 0);
  EXPECT(CPU_EQUAL(&set, &all));
  // One that there is not counts for nothing beside one that there is.
  CPU_SET(1023, &set);
  EXPECT_EQ(sched_setaffinity(0, sizeof set, &set), 0);
  EXPECT_EQ(sched_getaffinity(0, sizeof set, &set), 0);
  EXPECT(CPU_EQUAL(&set, &all));
}

static cpu_set_t told;
static void* tell(void* argument) {
  EXPECT_EQ(sched_getaffinity(0, sizeof told, &told), 0);
  if (argument != NULL) EXPECT_EQ(sched_getcpu(), *(int*)argument);
  return NULL;
}

static void inherited(void) {
  cpu_set_t all, one;
  EXPECT_EQ(sched_getaffinity(0, sizeof all, &all), 0);
  finish(start(tell, NULL));
  EXPECT(CPU_EQUAL(&told, &all));
  int cpu = first_of(&all);
  CPU_ZERO(&one);
  CPU_SET(cpu, &one);
  EXPECT_EQ(sched_setaffinity(0, sizeof one, &one), 0);
  finish(start(tell, &cpu));
  EXPECT(CPU_EQUAL(&told, &one));
  EXPECT_EQ(sched_setaffinity(0, sizeof all, &all), 0);
}

static void by_attributes(void) {
  cpu_set_t all, one, found;
  pthread_attr_t attributes;
  EXPECT_EQ(sched_getaffinity(0, sizeof all, &all), 0);
  EXPECT_EQ(pthread_attr_init(&attributes), 0);
  EXPECT_EQ(pthread_attr_setstacksize(&attributes, 128 * 1024), 0);
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (!CPU_ISSET(cpu, &all)) continue;
    CPU_ZERO(&one);
    CPU_SET(cpu, &one);
    EXPECT_EQ(pthread_attr_setaffinity_np(&attributes, sizeof one, &one), 0);
    EXPECT_EQ(pthread_attr_getaffinity_np(&attributes, sizeof found, &found), 0);
    EXPECT(CPU_EQUAL(&found, &one));
    pthread_t thread;
    EXPECT_EQ(pthread_create(&thread, &attributes, tell, &cpu), 0);
    finish(thread);
    EXPECT(CPU_EQUAL(&told, &one));
  }
  CPU_ZERO(&one);
  pthread_t thread;
  const int error = pthread_attr_setaffinity_np(&attributes, sizeof one, &one);
  EXPECT_EQ(error != 0 ? error : pthread_create(&thread, &attributes, tell, NULL), EINVAL);
  EXPECT_EQ(pthread_attr_destroy(&attributes), 0);
}

static int stop_computing;
static void* compute(void* argument) {
  while (get(&stop_computing) == 0) put(argument, sched_getcpu());
  return NULL;
}

// While it computes, where the scheduler preempts.
static void of_another(void) {
  cpu_set_t all, one, found;
  int where = -1;
  EXPECT_EQ(sched_getaffinity(0, sizeof all, &all), 0);
  if (CPU_COUNT(&all) == 1) return;
  put(&stop_computing, 0);
  const pthread_t thread = start(compute, &where);
  for (int cpu = 1; cpu < CPU_SETSIZE; ++cpu) {
    if (!CPU_ISSET(cpu, &all)) continue;
    CPU_ZERO(&one);
    CPU_SET(cpu, &one);
    EXPECT_EQ(pthread_setaffinity_np(thread, sizeof one, &one), 0);
    EXPECT_EQ(pthread_getaffinity_np(thread, sizeof found, &found), 0);
    EXPECT(CPU_EQUAL(&found, &one));
    await(&where, cpu);
  }
  put(&stop_computing, 1);
  finish(thread);
#if IN_IMAGE
  EXPECT_EQ(pthread_setaffinity_np(thread, sizeof one, &one), ESRCH);
  EXPECT_EQ(pthread_getaffinity_np(thread, sizeof found, &found), ESRCH);
#endif
}

const struct test affinity_tests[] = {
    {"affinity: sets", sets},
    {"affinity: of oneself", of_oneself},
    {"affinity: what is refused", what_is_refused},
    {"affinity: inherited", inherited},
    {"affinity: by attributes", by_attributes},
    {"affinity: of another", of_another},
    {NULL, NULL},
};
