// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#ifndef SIGNAL_SUITE_H
#define SIGNAL_SUITE_H

// The same source runs in an image and on Linux, whose C library is the oracle. What one of
// them promises alone stands under IN_IMAGE.

#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif

#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#ifdef __GLIBC__
#define IN_IMAGE 0
#define SMALL_STACK 1024
#else
#define IN_IMAGE 1
#define SMALL_STACK (MINSIGSTKSZ - 1)
#endif

struct test {
  const char* name;
  void (*run)(void);
};
extern const struct test disposition_tests[], mask_tests[], queue_tests[], interruption_tests[],
    timer_tests[], stack_tests[], fault_tests[], computing_tests[], thread_tests[];

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

/// Whether the image, or the machine, has threads.
int has_threads(void);

sigset_t only(int signal);
/// Installs a handler.
void on(int signal, void (*handler)(int), int flags);
void on_info(int signal, void (*handler)(int, siginfo_t*, void*), int flags);
void on_default(int signal);
void block(int signal);
void unblock(int signal);
int is_pending(int signal);
/// Calls `begin(argument)`, then waits until `counted` is `wanted`, and misses no signal that
/// comes before the wait.
void wait_counted(int signal, int wanted, void (*begin)(void*), void* argument);

/// Counts, and remembers what it was.
void count(int signal);
extern volatile sig_atomic_t counted, last_signal;

struct timespec milliseconds(long count);
void sleep_ms(long count);
/// Works for so long without a wait or a call.
void compute_ms(long count);
/// Computes until `*value` is `wanted`, at most a few seconds; whether it is.
int compute_until(volatile sig_atomic_t* value, int wanted);

static inline int get(const int* value) { return __atomic_load_n(value, __ATOMIC_ACQUIRE); }
static inline void put(int* value, int to) { __atomic_store_n(value, to, __ATOMIC_RELEASE); }
pthread_t start(void* (*function)(void*), void* argument);
void* finish(pthread_t thread);
void await(const int* value, int wanted);

#endif
