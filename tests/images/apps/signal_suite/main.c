// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

#include "suite.h"

volatile sig_atomic_t counted, last_signal;

static void* nothing(void* argument) { return argument; }

int has_threads(void) {
  static int known = -1;
  if (known < 0) {
    pthread_t thread;
    known = pthread_create(&thread, NULL, nothing, NULL) == 0;
    if (known) pthread_join(thread, NULL);
  }
  return known;
}

sigset_t only(int signal) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, signal);
  return set;
}

void on(int signal, void (*handler)(int), int flags) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = handler;
  action.sa_flags = flags;
  EXPECT_EQ(sigaction(signal, &action, NULL), 0);
}

void on_info(int signal, void (*handler)(int, siginfo_t*, void*), int flags) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_sigaction = handler;
  action.sa_flags = flags | SA_SIGINFO;
  EXPECT_EQ(sigaction(signal, &action, NULL), 0);
}

void on_default(int signal) { on(signal, SIG_DFL, 0); }

void block(int signal) {
  const sigset_t set = only(signal);
  EXPECT_EQ(pthread_sigmask(SIG_BLOCK, &set, NULL), 0);
}

void unblock(int signal) {
  const sigset_t set = only(signal);
  EXPECT_EQ(pthread_sigmask(SIG_UNBLOCK, &set, NULL), 0);
}

int is_pending(int signal) {
  sigset_t set;
  EXPECT_EQ(sigpending(&set), 0);
  return sigismember(&set, signal);
}

void wait_counted(int signal, int wanted, void (*begin)(void*), void* argument) {
  sigset_t usual;
  block(signal);
  EXPECT_EQ(pthread_sigmask(SIG_SETMASK, NULL, &usual), 0);
  sigdelset(&usual, signal);
  begin(argument);
  while (counted < wanted) EXPECT_ERROR(sigsuspend(&usual), EINTR);
  unblock(signal);
}

void count(int signal) {
  ++counted;
  last_signal = signal;
}

static long long now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static volatile unsigned work;
static void work_a_bit(void) {
  for (int i = 0; i < 20000; ++i) work = work * 1664525U + 1013904223U;
}

void compute_ms(long count) {
  const long long end = now_ns() + count * 1000000LL;
  while (now_ns() < end) work_a_bit();
}

int compute_until(volatile sig_atomic_t* value, int wanted) {
  const long long end = now_ns() + 20000000000LL;
  while (*value != wanted && now_ns() < end) work_a_bit();
  return *value == wanted;
}

static void forget_signals(void) {
  counted = 0;
  last_signal = 0;
}

// All tests, or those whose name has an argument in it.
int main(int words, char** word) {
  const struct test* const suites[] = {
      disposition_tests,
      mask_tests,
      queue_tests,
      interruption_tests,
      timer_tests,
      stack_tests,
      fault_tests,
      computing_tests,
      has_threads() ? thread_tests : NULL,
      NULL,
  };
  return run_suites(suites, words > 1 ? word[1] : NULL, forget_signals);
}
