// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

#include "suite.h"

#include <sched.h>
#include <stdlib.h>

static int failures;

void report(const char* file, int line, const char* text, long long left, long long right) {
  __atomic_add_fetch(&failures, 1, __ATOMIC_RELAXED);
  const char* const base = strrchr(file, '/');
  printf("%s:%d: expected %s: %lld, %lld\n", base != NULL ? base + 1 : file, line, text, left,
         right);
}

struct timespec after(clockid_t clock, long milliseconds) {
  struct timespec moment;
  clock_gettime(clock, &moment);
  moment.tv_sec += milliseconds / 1000;
  moment.tv_nsec += milliseconds % 1000 * 1000000;
  if (moment.tv_nsec >= 1000000000) {
    ++moment.tv_sec;
    moment.tv_nsec -= 1000000000;
  }
  return moment;
}

void sleep_ms(long milliseconds) {
  const struct timespec duration = {milliseconds / 1000, milliseconds % 1000 * 1000000};
  nanosleep(&duration, NULL);
}

void settle(void) {
  for (int i = 0; i < 20; ++i) sleep_ms(1);
}

void await(const int* value, int wanted) {
  while (get(value) != wanted) sched_yield();
}

pthread_t start(void* (*function)(void*), void* argument) {
  pthread_t thread;
  const int error = pthread_create(&thread, NULL, function, argument);
  if (error == 0) return thread;
  printf("pthread_create: %s\n", strerror(error));
  exit(2);
}

void* finish(pthread_t thread) {
  void* result = NULL;
  EXPECT_EQ(pthread_join(thread, &result), 0);
  return result;
}

static const struct test* const suites[] = {
    thread_tests,    attribute_tests,  mutex_tests,  robust_tests,
    condition_tests, lock_tests,       key_tests,    cancellation_tests,
    semaphore_tests, iso_thread_tests, stress_tests,
};

// All tests, or those whose name has an argument in it.
int main(int count, char** words) {
  int ran = 0;
  for (size_t suite = 0; suite < sizeof suites / sizeof *suites; ++suite) {
    for (const struct test* test = suites[suite]; test->name != NULL; ++test) {
      if (count > 1 && strstr(test->name, words[1]) == NULL) continue;
      const int before = failures;
      test->run();
      ++ran;
      printf("%s %s\n", failures == before ? "ok    " : "FAILED", test->name);
    }
  }
  printf("%d tests, %d failures\n", ran, failures);
  return ran > 0 && failures == 0 ? 0 : 1;
}
