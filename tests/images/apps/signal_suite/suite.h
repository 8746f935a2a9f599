// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#ifndef SIGNAL_SUITE_H
#define SIGNAL_SUITE_H

#include "../../suite/suite.h"

#include <setjmp.h>
#include <signal.h>
#include <unistd.h>

#if IN_IMAGE
#define SMALL_STACK (MINSIGSTKSZ - 1)
#else
#define SMALL_STACK 1024
#endif

extern const struct test disposition_tests[], mask_tests[], queue_tests[], interruption_tests[],
    timer_tests[], stack_tests[], fault_tests[], computing_tests[], thread_tests[];

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

/// Works for so long without a wait or a call.
void compute_ms(long count);
/// Computes until `*value` is `wanted`, at most a few seconds; whether it is.
int compute_until(volatile sig_atomic_t* value, int wanted);

#endif
