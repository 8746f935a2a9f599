// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

#include "suite.h"

static void blocked_signals_wait(void) {
  on(SIGUSR1, count, 0);
  block(SIGUSR1);
  raise(SIGUSR1);
  raise(SIGUSR1);
  kill(getpid(), SIGUSR1);
  EXPECT_EQ(counted, 0);
  EXPECT_EQ(is_pending(SIGUSR1), 1);
  EXPECT_EQ(is_pending(SIGUSR2), 0);
  unblock(SIGUSR1);
  EXPECT(counted >= 1 && counted <= 2);  // one of the thread's, one of the process's
  EXPECT_EQ(is_pending(SIGUSR1), 0);
  on_default(SIGUSR1);
}

static void ways_to_change(void) {
  sigset_t before, now;
  sigset_t set = only(SIGUSR1);
  EXPECT_EQ(sigprocmask(SIG_SETMASK, NULL, &before), 0);
  EXPECT_EQ(sigprocmask(SIG_BLOCK, &set, &now), 0);
  EXPECT_EQ(sigismember(&now, SIGUSR1), 0);
  set = only(SIGUSR2);
  EXPECT_EQ(pthread_sigmask(SIG_BLOCK, &set, NULL), 0);
  EXPECT_EQ(pthread_sigmask(SIG_UNBLOCK, NULL, &now), 0);
  EXPECT_EQ(sigismember(&now, SIGUSR1), 1);
  EXPECT_EQ(sigismember(&now, SIGUSR2), 1);
  EXPECT_EQ(pthread_sigmask(SIG_UNBLOCK, &set, NULL), 0);
  EXPECT_EQ(pthread_sigmask(77, &set, NULL), EINVAL);
  EXPECT_ERROR(sigprocmask(-1, &set, NULL), EINVAL);
  EXPECT_EQ(pthread_sigmask(77, NULL, &now), 0);
  EXPECT_EQ(sigismember(&now, SIGUSR1), 1);
  EXPECT_EQ(sigismember(&now, SIGUSR2), 0);
  // These cannot be blocked, and asking is no error.
  sigfillset(&set);
  EXPECT_EQ(sigprocmask(SIG_SETMASK, &set, NULL), 0);
  EXPECT_EQ(sigprocmask(SIG_SETMASK, NULL, &now), 0);
  EXPECT_EQ(sigismember(&now, SIGKILL), 0);
  EXPECT_EQ(sigismember(&now, SIGSTOP), 0);
  EXPECT_EQ(sigismember(&now, SIGRTMAX), 1);
  EXPECT_EQ(sigprocmask(SIG_SETMASK, &before, NULL), 0);
}

static volatile sig_atomic_t inner;
static void count_inner(int number) {
  (void)number;
  ++inner;
}
static volatile sig_atomic_t inner_seen;
static void raise_other(int number) {
  (void)number;
  raise(SIGUSR2);
  inner_seen = inner;
}

static void mask_of_the_handler(void) {
  inner = 0;
  on(SIGUSR2, count_inner, 0);
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = raise_other;
  action.sa_mask = only(SIGUSR2);
  EXPECT_EQ(sigaction(SIGUSR1, &action, NULL), 0);
  raise(SIGUSR1);
  EXPECT_EQ(inner_seen, 0);
  EXPECT_EQ(inner, 1);
  on(SIGUSR1, raise_other, 0);
  raise(SIGUSR1);
  EXPECT_EQ(inner_seen, 2);
  on_default(SIGUSR1);
  on_default(SIGUSR2);
}

static void suspended(void) {
  on(SIGUSR1, count, SA_RESTART);
  on(SIGUSR2, count, 0);
  block(SIGUSR1);
  block(SIGUSR2);
  raise(SIGUSR1);
  sigset_t set;
  sigfillset(&set);
  sigdelset(&set, SIGUSR1);
  EXPECT_ERROR(sigsuspend(&set), EINTR);
  EXPECT_EQ(counted, 1);
  EXPECT_EQ(last_signal, SIGUSR1);
  sigset_t now;
  EXPECT_EQ(sigprocmask(SIG_SETMASK, NULL, &now), 0);
  EXPECT_EQ(sigismember(&now, SIGUSR1), 1);
  EXPECT_EQ(sigismember(&now, SIGUSR2), 1);
  EXPECT_EQ(sigismember(&now, SIGTERM), 0);
  // What was blocked during the wait, too, comes later.
  raise(SIGUSR2);
  alarm(0);
  raise(SIGUSR1);
  EXPECT_ERROR(sigsuspend(&set), EINTR);
  EXPECT_EQ(last_signal, SIGUSR1);
  unblock(SIGUSR1);
  unblock(SIGUSR2);
  EXPECT_EQ(last_signal, SIGUSR2);
  EXPECT_EQ(counted, 3);
  on_default(SIGUSR1);
  on_default(SIGUSR2);
}

static sigjmp_buf out;
static void jump(int number) {
  count(number);
  siglongjmp(out, 7);
}

static void jumps_take_the_mask_along(void) {
  on(SIGUSR1, jump, 0);
  sigset_t now;
  volatile int result = sigsetjmp(out, 1);
  if (result == 0) {
    raise(SIGUSR1);
    EXPECT(0);
  }
  EXPECT_EQ(result, 7);
  EXPECT_EQ(sigprocmask(SIG_SETMASK, NULL, &now), 0);
  EXPECT_EQ(sigismember(&now, SIGUSR1), 0);
  result = sigsetjmp(out, 0);
  if (result == 0) {
    raise(SIGUSR1);
    EXPECT(0);
  }
  EXPECT_EQ(sigprocmask(SIG_SETMASK, NULL, &now), 0);
  EXPECT_EQ(sigismember(&now, SIGUSR1), 1);
  unblock(SIGUSR1);
  EXPECT_EQ(counted, 2);
  on_default(SIGUSR1);
}

static volatile sig_atomic_t order[8], ordered;
static void note(int number) { order[ordered++] = number; }

static void lowest_first(void) {
  ordered = 0;
  static const int numbers[] = {SIGUSR2, SIGUSR1, SIGHUP};
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = note;
  sigfillset(&action.sa_mask);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(sigaction(numbers[i], &action, NULL), 0);
    block(numbers[i]);
    raise(numbers[i]);
  }
  sigset_t none;
  sigemptyset(&none);
  EXPECT_EQ(sigprocmask(SIG_SETMASK, &none, NULL), 0);
  EXPECT_EQ(ordered, 3);
#if IN_IMAGE
  EXPECT_EQ(order[0], SIGHUP);
  EXPECT_EQ(order[1], SIGUSR1);
  EXPECT_EQ(order[2], SIGUSR2);
#endif
  for (int i = 0; i < 3; ++i) on_default(numbers[i]);
}

const struct test mask_tests[] = {
    {"masks: what is blocked waits, once", blocked_signals_wait},
    {"masks: ways to change it", ways_to_change},
    {"masks: that of a handler", mask_of_the_handler},
    {"masks: sigsuspend()", suspended},
    {"masks: jumps take it along", jumps_take_the_mask_along},
    {"masks: the lowest number first", lowest_first},
    {NULL, NULL},
};
