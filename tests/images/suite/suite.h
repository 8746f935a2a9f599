// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#ifndef SUITE_H
#define SUITE_H

// What the C suites in apps/ have in common. The same source runs in an image and on Linux,
// whose C library is the oracle: what it promises to both is POSIX's. What one of them
// promises alone stands under IN_IMAGE.

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

/// Runs the tests of `suites`, which ends in NULL as each of them ends in a test without a
/// name: all, or those whose name has `wanted` in it, where that is not NULL. Calls `prepare`
/// before each, where that is not NULL. The program's status.
int run_suites(const struct test* const* suites, const char* wanted, void (*prepare)(void));

void report(const char* file, int line, const char* text, long long left, long long right);

#define EXPECT_EQ(left, right)                                                           \
  do {                                                                                   \
    const long long left_ = (long long)(left), right_ = (long long)(right);              \
    if (left_ != right_) report(__FILE__, __LINE__, #left " == " #right, left_, right_); \
  } while (0)
#define EXPECT(condition) EXPECT_EQ(!!(condition), 1)
#define EXPECT_ERROR(call, error) \
  do {                            \
    errno = 0;                    \
    EXPECT_EQ(call, -1);          \
    EXPECT_EQ(errno, error);      \
  } while (0)

struct timespec milliseconds(long count);
/// Sleeps for so long, whatever interrupts it.
void sleep_ms(long count);

static inline int get(const int* value) { return __atomic_load_n(value, __ATOMIC_ACQUIRE); }
static inline void put(int* value, int to) { __atomic_store_n(value, to, __ATOMIC_RELEASE); }
/// Lets other threads run until `*value` is `wanted`.
void await(const int* value, int wanted);

pthread_t start(void* (*function)(void*), void* argument);
void* finish(pthread_t thread);

#endif
