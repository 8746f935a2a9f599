// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

#include "suite.h"

static volatile int values[16];
static volatile int numbers[16];
static void keep(int number, siginfo_t* info, void* context) {
  (void)context;
  if (counted < 16) {
    values[counted] = info->si_value.sival_int;
    numbers[counted] = number;
  }
  count(number);
}

static void send(int number, int value) {
  const union sigval with = {.sival_int = value};
  EXPECT_EQ(sigqueue(getpid(), number, with), 0);
}

static void real_time_signals_queue(void) {
  const int low = SIGRTMIN, high = SIGRTMIN + 1;
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_sigaction = keep;
  action.sa_flags = SA_SIGINFO;
  sigfillset(&action.sa_mask);
  EXPECT_EQ(sigaction(low, &action, NULL), 0);
  EXPECT_EQ(sigaction(high, &action, NULL), 0);
  sigset_t both = only(low);
  sigaddset(&both, high);
  EXPECT_EQ(sigprocmask(SIG_BLOCK, &both, NULL), 0);
  send(high, 10);
  send(low, 1);
  send(high, 11);
  send(low, 2);
  send(low, 3);
  EXPECT_EQ(sigprocmask(SIG_UNBLOCK, &both, NULL), 0);
  EXPECT_EQ(counted, 5);
  int lows = 0, highs = 0;
  for (int i = 0; i < 5; ++i) {
    if (numbers[i] == low) EXPECT_EQ(values[i], ++lows);
    if (numbers[i] == high) EXPECT_EQ(values[i], 10 + highs++);
  }
  EXPECT_EQ(lows, 3);
  EXPECT_EQ(highs, 2);
  on_default(low);
  on_default(high);
}

static void accepted_in_order(void) {
  const int low = SIGRTMIN, high = SIGRTMIN + 1;
  sigset_t both = only(low);
  sigaddset(&both, high);
  EXPECT_EQ(sigprocmask(SIG_BLOCK, &both, NULL), 0);
  send(high, 10);
  send(low, 1);
  send(low, 2);
  siginfo_t info;
  EXPECT_EQ(sigwaitinfo(&both, &info), low);
  EXPECT_EQ(info.si_value.sival_int, 1);
  EXPECT_EQ(info.si_code, SI_QUEUE);
  EXPECT_EQ(sigwaitinfo(&both, &info), low);
  EXPECT_EQ(info.si_value.sival_int, 2);
  EXPECT_EQ(sigwaitinfo(&both, NULL), high);
  EXPECT_EQ(is_pending(high), 0);
  EXPECT_EQ(sigprocmask(SIG_UNBLOCK, &both, NULL), 0);
}

static void wait_with_an_end(void) {
  const sigset_t set = only(SIGUSR1);
  block(SIGUSR1);
  siginfo_t info;
  struct timespec time = milliseconds(0);
  EXPECT_ERROR(sigtimedwait(&set, &info, &time), EAGAIN);
  time = milliseconds(20);
  EXPECT_ERROR(sigtimedwait(&set, &info, &time), EAGAIN);
  time.tv_nsec = 1000000000;
  EXPECT_ERROR(sigtimedwait(&set, &info, &time), EINVAL);
  raise(SIGUSR1);
  time = milliseconds(0);
  EXPECT_EQ(sigtimedwait(&set, &info, &time), SIGUSR1);
  EXPECT_EQ(info.si_signo, SIGUSR1);
  raise(SIGUSR1);
  int number = 0;
  EXPECT_EQ(sigwait(&set, &number), 0);
  EXPECT_EQ(number, SIGUSR1);
  EXPECT_EQ(is_pending(SIGUSR1), 0);
  unblock(SIGUSR1);
}

// Each of the two is pending in its own right.
static void standard_signals_count_once(void) {
  on_info(SIGUSR1, keep, 0);
  block(SIGUSR1);
  send(SIGUSR1, 1);
  send(SIGUSR1, 2);
  send(SIGUSR1, 3);
  unblock(SIGUSR1);
  EXPECT_EQ(counted, 1);
  EXPECT_EQ(values[0], 1);
  on_default(SIGUSR1);
}

#if IN_IMAGE
static void queue_is_full(void) {
  const union sigval value = {.sival_int = 5};
  block(SIGRTMIN);
  int queued = 0;
  while (queued < 10000 && sigqueue(getpid(), SIGRTMIN, value) == 0) ++queued;
  EXPECT_EQ(errno, EAGAIN);
  EXPECT(queued >= 100);
  // A standard signal needs no room.
  block(SIGUSR1);
  EXPECT_EQ(raise(SIGUSR1), 0);
  EXPECT_EQ(is_pending(SIGUSR1), 1);
  const sigset_t real = only(SIGRTMIN), usual = only(SIGUSR1);
  const struct timespec now = milliseconds(0);
  siginfo_t info;
  int taken = 0;
  while (sigtimedwait(&real, &info, &now) == SIGRTMIN) ++taken;
  EXPECT_EQ(taken, queued);
  EXPECT_EQ(sigtimedwait(&usual, &info, &now), SIGUSR1);
  EXPECT_EQ(sigqueue(getpid(), SIGRTMIN, value), 0);
  EXPECT_EQ(sigtimedwait(&real, &info, &now), SIGRTMIN);
  unblock(SIGRTMIN);
  unblock(SIGUSR1);
}
#endif

const struct test queue_tests[] = {
    {"queues: real-time signals come each, in order", real_time_signals_queue},
    {"queues: accepted in order", accepted_in_order},
    {"queues: waiting with an end", wait_with_an_end},
    {"queues: standard signals count once", standard_signals_count_once},
#if IN_IMAGE
    {"queues: a full one", queue_is_full},
#endif
    {NULL, NULL},
};
