// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define MS 1000000UL
#define SECONDS (1000 * MS)

static int failures = 0;

static void check(int ok, const char* what) {
  if (ok) return;
  printf("FAILED: %s\n", what);
  ++failures;
}

static struct sched_param reserve(unsigned long runtime, unsigned long deadline,
                                  unsigned long period) {
  struct sched_param wanted;
  memset(&wanted, 0, sizeof wanted);
  wanted.sched_runtime = runtime;
  wanted.sched_deadline = deadline;
  wanted.sched_period = period;
  return wanted;
}

// Starts a thread that has its reservation from the beginning.
static int start(pthread_t* thread, unsigned long runtime, unsigned long deadline,
                 void* (*run)(void*), void* argument) {
  pthread_attr_t attributes;
  const struct sched_param wanted = reserve(runtime, deadline, deadline);
  pthread_attr_init(&attributes);
  pthread_attr_setinheritsched(&attributes, PTHREAD_EXPLICIT_SCHED);
  int error = pthread_attr_setschedpolicy(&attributes, SCHED_DEADLINE);
  if (error == 0) error = pthread_attr_setschedparam(&attributes, &wanted);
  if (error == 0) error = pthread_create(thread, &attributes, run, argument);
  pthread_attr_destroy(&attributes);
  return error;
}

static char order[8];
static atomic_int ran;

static void* note(void* name) {
  order[atomic_fetch_add(&ran, 1)] = *(const char*)name;
  return NULL;
}

// Runs with the earliest deadline of all, so that those it starts must wait for it. The
// times are so long that no slow machine reaches them.
static void* start_three(void* unused) {
  static const unsigned long deadlines[] = {300 * SECONDS, 150 * SECONDS, 200 * SECONDS};
  pthread_t threads[3];
  (void)unused;
  for (int i = 0; i < 3; ++i)
    check(start(&threads[i], 5 * SECONDS, deadlines[i], note, (void*)&"cab"[i]) == 0,
          "pthread_create");
  check(atomic_load(&ran) == 0, "the earliest deadline keeps the CPU");
  for (int i = 0; i < 3; ++i) pthread_join(threads[i], NULL);
  return NULL;
}

static void deadline_order(void) {
  pthread_t thread;
  check(start(&thread, 30 * SECONDS, 100 * SECONDS, start_three, NULL) == 0, "the first thread");
  pthread_join(thread, NULL);
  check(strcmp(order, "abc") == 0, "the order of the deadlines");
}

static void attributes(void) {
  struct sched_param was;
  struct sched_param now;
  int policy_was;
  int policy;
  pthread_t self = pthread_self();
  check(pthread_getschedparam(self, &policy_was, &was) == 0, "pthread_getschedparam");
  struct sched_param wanted = reserve(10 * MS, 20 * MS, 50 * MS);
  check(pthread_setschedparam(self, SCHED_DEADLINE, &wanted) == 0, "pthread_setschedparam");
  check(pthread_getschedparam(self, &policy, &now) == 0, "pthread_getschedparam");
  check(policy == SCHED_DEADLINE, "the policy");
  check(
      now.sched_runtime == 10 * MS && now.sched_deadline == 20 * MS && now.sched_period == 50 * MS,
      "the times");
  wanted = reserve(19 * MS + 500000, 20 * MS, 20 * MS);
  check(pthread_setschedparam(self, SCHED_DEADLINE, &wanted) == EBUSY, "more than the CPU has");
  wanted = reserve(20 * MS, 10 * MS, 50 * MS);
  check(pthread_setschedparam(self, SCHED_DEADLINE, &wanted) == EINVAL, "runtime > deadline");
  wanted = reserve(1, 10 * MS, 50 * MS);
  check(pthread_setschedparam(self, SCHED_DEADLINE, &wanted) == EINVAL, "too short");
  check(pthread_setschedparam(self, policy_was, &was) == 0, "back to the old policy");
  check(pthread_getschedparam(self, &policy, &now) == 0 && policy == policy_was, "the old policy");
}

static atomic_int stop;
static atomic_ulong turns;

static void* hog(void* unused) {
  (void)unused;
  while (!atomic_load(&stop)) atomic_fetch_add(&turns, 1);
  return NULL;
}

static void throttling(void) {
  pthread_t thread;
  pthread_t refused;
  check(start(&thread, 60 * MS, 100 * MS, hog, NULL) == 0, "the hog");
  check(start(&refused, 40 * MS, 100 * MS, hog, NULL) == EBUSY, "admission");
  // It never gives up the CPU: that this goes on is throttling, that it does too is the
  // next period.
  for (int i = 0; i < 3; ++i) {
    const unsigned long before = atomic_load(&turns);
    while (atomic_load(&turns) == before) {
    }
  }
  atomic_store(&stop, 1);
  pthread_join(thread, NULL);
}

int main(void) {
  attributes();
  deadline_order();
  throttling();
  printf("edf_demo: %d failures, order %s\n", failures, order);
  return failures != 0;
}
