// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

#include "suite.h"

struct timespec after(clockid_t clock, long count) {
  struct timespec moment;
  clock_gettime(clock, &moment);
  moment.tv_sec += count / 1000;
  moment.tv_nsec += count % 1000 * 1000000;
  if (moment.tv_nsec >= 1000000000) {
    ++moment.tv_sec;
    moment.tv_nsec -= 1000000000;
  }
  return moment;
}

void settle(void) {
  for (int i = 0; i < 20; ++i) sleep_ms(1);
}

// All tests, or those whose name has an argument in it.
int main(int words, char** word) {
  static const struct test* const suites[] = {
      thread_tests,    attribute_tests,  affinity_tests, ceiling_tests, mutex_tests,
      robust_tests,    condition_tests,  lock_tests,     key_tests,     cancellation_tests,
      semaphore_tests, iso_thread_tests, stress_tests,   NULL,
  };
  return run_suites(suites, words > 1 ? word[1] : NULL, NULL);
}
