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

struct timespec milliseconds(long count) {
  const struct timespec time = {count / 1000, count % 1000 * 1000000};
  return time;
}

void sleep_ms(long count) {
  struct timespec left = milliseconds(count);
  while (nanosleep(&left, &left) != 0) {
  }
}

void await(const int* value, int wanted) {
  while (get(value) != wanted) sched_yield();
}

pthread_t start(void* (*function)(void*), void* argument) {
  // Not what the image has for a default, which may be as large as all memory.
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 128 * 1024);
  pthread_t thread;
  const int error = pthread_create(&thread, &attributes, function, argument);
  if (error == 0) return thread;
  printf("pthread_create: %s\n", strerror(error));
  exit(2);
}

void* finish(pthread_t thread) {
  void* result = NULL;
  EXPECT_EQ(pthread_join(thread, &result), 0);
  return result;
}

int run_suites(const struct test* const* suites, const char* wanted, void (*prepare)(void)) {
  int ran = 0;
  for (; *suites != NULL; ++suites) {
    for (const struct test* test = *suites; test->name != NULL; ++test) {
      if (wanted != NULL && strstr(test->name, wanted) == NULL) continue;
      const int before = failures;
      if (prepare != NULL) prepare();
      test->run();
      ++ran;
      printf("%s %s\n", failures == before ? "ok    " : "FAILED", test->name);
    }
  }
  printf("%d tests, %d failures\n", ran, failures);
  return ran > 0 && failures == 0 ? 0 : 1;
}
