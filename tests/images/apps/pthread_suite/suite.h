// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#ifndef PTHREAD_SUITE_H
#define PTHREAD_SUITE_H

// The same source runs in an image and on Linux, whose C library is the oracle: what it
// promises to both is POSIX's. What one of them promises alone stands under IN_IMAGE.

#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#ifdef __GLIBC__
#define IN_IMAGE 0
#else
#define IN_IMAGE 1
#endif

struct test {
  const char* name;
  void (*run)(void);
};
extern const struct test thread_tests[], attribute_tests[], mutex_tests[], robust_tests[],
    condition_tests[], lock_tests[], key_tests[], cancellation_tests[], semaphore_tests[],
    iso_thread_tests[], stress_tests[];

void report(const char* file, int line, const char* text, long long left, long long right);

#define EXPECT_EQ(left, right)                                                           \
  do {                                                                                   \
    const long long left_ = (long long)(left), right_ = (long long)(right);              \
    if (left_ != right_) report(__FILE__, __LINE__, #left " == " #right, left_, right_); \
  } while (0)
#define EXPECT(condition) EXPECT_EQ(!!(condition), 1)

/// So many milliseconds from now.
struct timespec after(clockid_t clock, long milliseconds);
void sleep_ms(long milliseconds);
/// Lets other threads come to where they wait, in many turns.
void settle(void);
/// Lets other threads run until `*value` is `wanted`.
void await(const int* value, int wanted);
static inline int get(const int* value) { return __atomic_load_n(value, __ATOMIC_ACQUIRE); }
static inline void put(int* value, int to) { __atomic_store_n(value, to, __ATOMIC_RELEASE); }

pthread_t start(void* (*function)(void*), void* argument);
void* finish(pthread_t thread);

#endif
