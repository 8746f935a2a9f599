// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

#include "suite.h"

#include <limits.h>
#include <sched.h>
#include <stdint.h>
#include <stdlib.h>

static void* deep(void* argument) {
  volatile char room[200 * 1024];
  for (size_t i = 0; i < sizeof room; i += 512) room[i] = (char)i;
  return argument == NULL ? NULL : (void*)(uintptr_t)room[512];
}

static void stack_size(void) {
  pthread_attr_t attributes;
  size_t bytes = 0;
  EXPECT_EQ(pthread_attr_init(&attributes), 0);
  EXPECT_EQ(pthread_attr_getstacksize(&attributes, &bytes), 0);
  EXPECT(bytes >= 16384);
  EXPECT_EQ(pthread_attr_setstacksize(&attributes, 1000), EINVAL);
  EXPECT_EQ(pthread_attr_setstacksize(&attributes, 300 * 1024), 0);
  EXPECT_EQ(pthread_attr_getstacksize(&attributes, &bytes), 0);
  EXPECT_EQ(bytes, 300 * 1024);
  pthread_t thread;
  EXPECT_EQ(pthread_create(&thread, &attributes, deep, NULL), 0);
  finish(thread);
  EXPECT_EQ(pthread_attr_setstacksize(&attributes, (size_t)-1 / 2), 0);
  EXPECT(pthread_create(&thread, &attributes, deep, NULL) != 0);
  EXPECT_EQ(pthread_attr_destroy(&attributes), 0);
}

static void* nothing(void* argument) { return argument; }

static void detached(void) {
  pthread_attr_t attributes;
  int state = -1;
  EXPECT_EQ(pthread_attr_init(&attributes), 0);
  EXPECT_EQ(pthread_attr_getdetachstate(&attributes, &state), 0);
  EXPECT_EQ(state, PTHREAD_CREATE_JOINABLE);
  EXPECT_EQ(pthread_attr_setdetachstate(&attributes, 7), EINVAL);
  EXPECT_EQ(pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED), 0);
  for (int i = 0; i < 100; ++i) {
    pthread_t thread;
    EXPECT_EQ(pthread_create(&thread, &attributes, nothing, NULL), 0);
    if (i % 10 == 0) sleep_ms(1);
  }
  settle();
}

static uintptr_t address_of_a_local;
static void* tell_address(void* argument) {
  volatile char local = 1;
  address_of_a_local = (uintptr_t)&local;
  put(argument, local);
  return NULL;
}

static int local_is_within(const void* bottom, size_t bytes) {
  return address_of_a_local - (uintptr_t)bottom < bytes;
}

static void own_stack(void) {
  enum { kBytes = 64 * 1024 };
  char* const memory = aligned_alloc(4096, kBytes);
  pthread_attr_t attributes;
  void* bottom = NULL;
  size_t bytes = 0;
  EXPECT_EQ(pthread_attr_init(&attributes), 0);
  EXPECT_EQ(pthread_attr_setstack(&attributes, memory, PTHREAD_STACK_MIN - 16), EINVAL);
  EXPECT_EQ(pthread_attr_setstack(&attributes, memory, kBytes), 0);
  EXPECT_EQ(pthread_attr_getstack(&attributes, &bottom, &bytes), 0);
  EXPECT_EQ(bottom, memory);
  EXPECT_EQ(bytes, kBytes);
  EXPECT_EQ(pthread_attr_getstacksize(&attributes, &bytes), 0);
  EXPECT_EQ(bytes, kBytes);
  // The memory is the caller's again with each join.
  for (int i = 0; i < 20; ++i) {
    pthread_t thread;
    int ran = 0;
    EXPECT_EQ(pthread_create(&thread, &attributes, tell_address, &ran), 0);
    finish(thread);
    EXPECT(local_is_within(memory, kBytes));
    EXPECT_EQ(ran, 1);
    memset(memory, 0xa5, kBytes);
  }
  EXPECT_EQ(pthread_attr_destroy(&attributes), 0);
#if IN_IMAGE
  EXPECT_EQ(pthread_attr_setstack(&attributes, memory, kBytes), EINVAL);
  EXPECT_EQ(pthread_attr_getstack(&attributes, &bottom, &bytes), EINVAL);
  EXPECT_EQ(pthread_attr_init(&attributes), 0);
  EXPECT_EQ(pthread_attr_getstack(&attributes, &bottom, &bytes), 0);
  EXPECT_EQ(bottom, NULL);
  EXPECT_EQ(pthread_attr_setstack(&attributes, NULL, kBytes), EINVAL);
  EXPECT_EQ(pthread_attr_setstack(&attributes, memory + 8, kBytes - 16), EINVAL);
  EXPECT_EQ(pthread_attr_setstack(&attributes, memory, kBytes - 8), EINVAL);
#endif
  free(memory);
}

static void* describe_itself(void* argument) {
  volatile char local = 0;
  address_of_a_local = (uintptr_t)&local;
  EXPECT_EQ(pthread_getattr_np(pthread_self(), argument), 0);
  return NULL;
}

static void of_a_thread(void) {
  pthread_attr_t attributes, found;
  void* bottom = NULL;
  size_t bytes = 0;
  int state = -1;
  pthread_t thread;
  EXPECT_EQ(pthread_attr_init(&attributes), 0);
  EXPECT_EQ(pthread_attr_setstacksize(&attributes, 128 * 1024), 0);
  EXPECT_EQ(pthread_create(&thread, &attributes, describe_itself, &found), 0);
  finish(thread);
  EXPECT_EQ(pthread_attr_getstack(&found, &bottom, &bytes), 0);
  EXPECT(local_is_within(bottom, bytes));
  EXPECT(bytes >= 100 * 1024);
  EXPECT_EQ(pthread_attr_getdetachstate(&found, &state), 0);
  EXPECT_EQ(state, PTHREAD_CREATE_JOINABLE);
  EXPECT_EQ(pthread_attr_destroy(&found), 0);

  enum { kBytes = 64 * 1024 };
  char* const memory = aligned_alloc(4096, kBytes);
  EXPECT_EQ(pthread_attr_setstack(&attributes, memory, kBytes), 0);
  EXPECT_EQ(pthread_create(&thread, &attributes, describe_itself, &found), 0);
  finish(thread);
  EXPECT_EQ(pthread_attr_getstack(&found, &bottom, &bytes), 0);
  EXPECT_EQ(bottom, memory);
  EXPECT_EQ(bytes, kBytes);
  EXPECT_EQ(pthread_attr_destroy(&found), 0);
  free(memory);
#if IN_IMAGE
  EXPECT_EQ(pthread_getattr_np(thread, &found), ESRCH);
  EXPECT_EQ(pthread_getattr_np(pthread_self(), &found), ENOTSUP);
#endif
}

static void guard_and_scope(void) {
  pthread_attr_t attributes;
  size_t bytes = 0;
  int scope = -1;
  EXPECT_EQ(pthread_attr_init(&attributes), 0);
  EXPECT_EQ(pthread_attr_setguardsize(&attributes, 4096), 0);
  EXPECT_EQ(pthread_attr_getguardsize(&attributes, &bytes), 0);
  EXPECT_EQ(bytes, 4096);
  EXPECT_EQ(pthread_attr_setguardsize(&attributes, 0), 0);
  EXPECT_EQ(pthread_attr_setscope(&attributes, PTHREAD_SCOPE_SYSTEM), 0);
  EXPECT_EQ(pthread_attr_setscope(&attributes, PTHREAD_SCOPE_PROCESS), ENOTSUP);
  EXPECT_EQ(pthread_attr_setscope(&attributes, 9), EINVAL);
  EXPECT_EQ(pthread_attr_getscope(&attributes, &scope), 0);
  EXPECT_EQ(scope, PTHREAD_SCOPE_SYSTEM);
#if IN_IMAGE
  EXPECT_EQ(pthread_attr_setguardsize(&attributes, 1 << 20), EINVAL);
#endif
}

// An object that was never initialised, or has been destroyed.
static void no_attributes(void) {
#if IN_IMAGE
  pthread_attr_t attributes;
  pthread_t thread;
  memset(&attributes, 0x5a, sizeof attributes);
  EXPECT_EQ(pthread_create(&thread, &attributes, nothing, NULL), EINVAL);
  EXPECT_EQ(pthread_attr_setstacksize(&attributes, 65536), EINVAL);
  EXPECT_EQ(pthread_attr_init(&attributes), 0);
  EXPECT_EQ(pthread_attr_destroy(&attributes), 0);
  EXPECT_EQ(pthread_create(&thread, &attributes, nothing, NULL), EINVAL);
  EXPECT_EQ(pthread_attr_destroy(&attributes), EINVAL);
  pthread_mutexattr_t of_mutex;
  memset(&of_mutex, 0x5a, sizeof of_mutex);
  pthread_mutex_t mutex;
  EXPECT_EQ(pthread_mutex_init(&mutex, &of_mutex), EINVAL);
  EXPECT_EQ(pthread_mutexattr_settype(&of_mutex, PTHREAD_MUTEX_NORMAL), EINVAL);
#endif
}

#if IN_IMAGE
static void* stay(void* argument) {
  while (get(argument) == 0) sleep_ms(1);
  return NULL;
}
#endif

static void scheduling(void) {
  pthread_attr_t attributes;
  int value = -1;
  struct sched_param parameter;
  memset(&parameter, 0, sizeof parameter);
  EXPECT_EQ(pthread_attr_init(&attributes), 0);
  EXPECT_EQ(pthread_attr_getinheritsched(&attributes, &value), 0);
  EXPECT_EQ(value, PTHREAD_INHERIT_SCHED);
  EXPECT_EQ(pthread_attr_setinheritsched(&attributes, 5), EINVAL);
  EXPECT_EQ(pthread_attr_setinheritsched(&attributes, PTHREAD_EXPLICIT_SCHED), 0);
  EXPECT_EQ(pthread_attr_setschedpolicy(&attributes, 77), EINVAL);
  EXPECT_EQ(pthread_attr_setschedpolicy(&attributes, SCHED_RR), 0);
  EXPECT_EQ(pthread_attr_getschedpolicy(&attributes, &value), 0);
  EXPECT_EQ(value, SCHED_RR);
  parameter.sched_priority = 3;
  EXPECT_EQ(pthread_attr_setschedparam(&attributes, &parameter), 0);
  parameter.sched_priority = 0;
  EXPECT_EQ(pthread_attr_getschedparam(&attributes, &parameter), 0);
  EXPECT_EQ(parameter.sched_priority, 3);
  EXPECT(sched_get_priority_min(SCHED_FIFO) < sched_get_priority_max(SCHED_FIFO));
  EXPECT_EQ(sched_get_priority_max(SCHED_OTHER), 0);
  errno = 0;
  EXPECT_EQ(sched_get_priority_max(1234), -1);
  EXPECT_EQ(errno, EINVAL);
  EXPECT_EQ(pthread_getschedparam(pthread_self(), &value, &parameter), 0);
  EXPECT_EQ(value, SCHED_OTHER);
  EXPECT_EQ(pthread_setschedparam(pthread_self(), 1234, &parameter), EINVAL);
  parameter.sched_priority = 1;
  EXPECT_EQ(pthread_setschedparam(pthread_self(), SCHED_OTHER, &parameter), EINVAL);
#if IN_IMAGE  // Linux asks for a privilege
  pthread_t thread;
  int go = 0;
  EXPECT_EQ(pthread_create(&thread, &attributes, stay, &go), 0);
  EXPECT_EQ(pthread_getschedparam(thread, &value, &parameter), 0);
  EXPECT_EQ(value, SCHED_RR);
  EXPECT_EQ(parameter.sched_priority, 3);
  put(&go, 1);
  finish(thread);
  EXPECT_EQ(pthread_getschedparam(thread, &value, &parameter), ESRCH);
  parameter.sched_priority = 7;
  EXPECT_EQ(pthread_setschedparam(pthread_self(), SCHED_FIFO, &parameter), 0);
  EXPECT_EQ(pthread_setschedprio(pthread_self(), 9), 0);
  EXPECT_EQ(pthread_setschedprio(pthread_self(), 1000), EINVAL);
  EXPECT_EQ(pthread_getschedparam(pthread_self(), &value, &parameter), 0);
  EXPECT_EQ(value, SCHED_FIFO);
  EXPECT_EQ(parameter.sched_priority, 9);
  parameter.sched_priority = 0;
  // No time is no reservation, where the scheduler has any.
  const int error = pthread_setschedparam(pthread_self(), SCHED_DEADLINE, &parameter);
  EXPECT(error == ENOTSUP || error == EINVAL);
  EXPECT_EQ(pthread_setschedparam(pthread_self(), SCHED_OTHER, &parameter), 0);
#endif
  EXPECT_EQ(pthread_setconcurrency(-1), EINVAL);
  EXPECT_EQ(pthread_setconcurrency(3), 0);
  EXPECT_EQ(pthread_getconcurrency(), 3);
  EXPECT(sched_getcpu() >= 0);
}

const struct test attribute_tests[] = {
    {"attributes: stack size", stack_size},
    {"attributes: detached", detached},
    {"attributes: a stack of the caller's", own_stack},
    {"attributes: of a thread", of_a_thread},
    {"attributes: guard and scope", guard_and_scope},
    {"attributes: none", no_attributes},
    {"attributes: scheduling", scheduling},
    {NULL, NULL},
};
