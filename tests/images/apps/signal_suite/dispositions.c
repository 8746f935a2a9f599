// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

#include "suite.h"

#include <stdlib.h>

static void raise_runs_it_at_once(void) {
  on(SIGUSR1, count, 0);
  EXPECT_EQ(raise(SIGUSR1), 0);
  EXPECT_EQ(counted, 1);
  EXPECT_EQ(last_signal, SIGUSR1);
  EXPECT_EQ(kill(getpid(), SIGUSR1), 0);
  EXPECT_EQ(counted, 2);
  on_default(SIGUSR1);
}

static void what_is_refused(void) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = count;
  EXPECT_ERROR(sigaction(0, &action, NULL), EINVAL);
  EXPECT_ERROR(sigaction(65, &action, NULL), EINVAL);
  EXPECT_ERROR(sigaction(-1, NULL, NULL), EINVAL);
  EXPECT_ERROR(sigaction(SIGKILL, &action, NULL), EINVAL);
  EXPECT_ERROR(sigaction(SIGSTOP, &action, NULL), EINVAL);
  EXPECT_ERROR(kill(getpid(), 65), EINVAL);
  EXPECT_ERROR(kill(getpid(), -1), EINVAL);
  EXPECT_ERROR(kill(0x3fffffff, SIGUSR1), ESRCH);
  EXPECT_EQ(kill(getpid(), 0), 0);
  EXPECT(signal(SIGKILL, count) == SIG_ERR);
  EXPECT(signal(77, count) == SIG_ERR);
  sigset_t set;
  EXPECT_EQ(sigemptyset(&set), 0);
  EXPECT_ERROR(sigaddset(&set, 0), EINVAL);
  EXPECT_ERROR(sigaddset(&set, 65), EINVAL);
  EXPECT_ERROR(sigdelset(&set, -1), EINVAL);
  EXPECT_ERROR(sigismember(&set, 1000), EINVAL);
}

static void action_is_told(void) {
  struct sigaction action, before;
  memset(&action, 0, sizeof action);
  action.sa_handler = count;
  action.sa_flags = SA_RESTART | SA_NODEFER;
  sigemptyset(&action.sa_mask);
  sigaddset(&action.sa_mask, SIGUSR2);
  EXPECT_EQ(sigaction(SIGUSR1, &action, NULL), 0);
  EXPECT_EQ(sigaction(SIGUSR1, NULL, &before), 0);
  EXPECT(before.sa_handler == count);
  EXPECT_EQ(before.sa_flags & (SA_RESTART | SA_NODEFER | SA_SIGINFO), SA_RESTART | SA_NODEFER);
  EXPECT_EQ(sigismember(&before.sa_mask, SIGUSR2), 1);
  EXPECT_EQ(sigismember(&before.sa_mask, SIGUSR1), 0);
  EXPECT(signal(SIGUSR1, SIG_DFL) == count);
}

static volatile sig_atomic_t depth, deepest;
static void nest(int number) {
  ++depth;
  if (depth > deepest) deepest = depth;
  if (++counted < 3) raise(number);
  --depth;
}

static void blocked_while_it_runs(void) {
  depth = deepest = 0;
  on(SIGUSR1, nest, 0);
  raise(SIGUSR1);
  EXPECT_EQ(counted, 3);
  EXPECT_EQ(deepest, 1);
  counted = depth = deepest = 0;
  on(SIGUSR1, nest, SA_NODEFER);
  raise(SIGUSR1);
  EXPECT_EQ(counted, 3);
  EXPECT_EQ(deepest, 3);
  on_default(SIGUSR1);
}

static void reset_after_once(void) {
  on(SIGURG, count, SA_RESETHAND);
  raise(SIGURG);
  raise(SIGURG);  // ignored by default
  EXPECT_EQ(counted, 1);
  struct sigaction now;
  EXPECT_EQ(sigaction(SIGURG, NULL, &now), 0);
  EXPECT(now.sa_handler == SIG_DFL);
}

static void ignored(void) {
  on(SIGUSR1, SIG_IGN, 0);
  EXPECT_EQ(raise(SIGUSR1), 0);
  EXPECT_EQ(kill(getpid(), SIGUSR1), 0);
  static const int unnoticed[] = {SIGCHLD, SIGURG, SIGWINCH, SIGCONT};
  for (size_t i = 0; i < sizeof unnoticed / sizeof *unnoticed; ++i) {
    EXPECT_EQ(raise(unnoticed[i]), 0);
  }
  // Becoming ignored takes it back.
  on(SIGUSR1, count, 0);
  block(SIGUSR1);
  raise(SIGUSR1);
  EXPECT_EQ(is_pending(SIGUSR1), 1);
  on(SIGUSR1, SIG_IGN, 0);
  EXPECT_EQ(is_pending(SIGUSR1), 0);
  on(SIGUSR1, count, 0);
  unblock(SIGUSR1);
  EXPECT_EQ(counted, 0);
  on_default(SIGUSR1);
}

static siginfo_t told;
static void* context_told;
static void remember(int number, siginfo_t* info, void* context) {
  count(number);
  told = *info;
  context_told = context;
}

static void info_of_kill_and_queue(void) {
  on_info(SIGUSR2, remember, 0);
  kill(getpid(), SIGUSR2);
  EXPECT_EQ(told.si_signo, SIGUSR2);
  EXPECT_EQ(told.si_code, SI_USER);
  EXPECT_EQ(told.si_pid, getpid());
  EXPECT_EQ(told.si_uid, getuid());
  EXPECT(context_told != NULL);
  const union sigval value = {.sival_int = 4711};
  EXPECT_EQ(sigqueue(getpid(), SIGUSR2, value), 0);
  EXPECT_EQ(told.si_code, SI_QUEUE);
  EXPECT_EQ(told.si_value.sival_int, 4711);
  EXPECT_EQ(told.si_pid, getpid());
  raise(SIGUSR2);
  EXPECT_EQ(told.si_code, SI_TKILL);
  EXPECT_EQ(counted, 3);
  EXPECT_ERROR(sigqueue(getpid(), 65, value), EINVAL);
  EXPECT_ERROR(sigqueue(0x3fffffff, SIGUSR2, value), ESRCH);
  on_default(SIGUSR2);
}

static jmp_buf out;
static void jump_out(int number) {
  count(number);
  longjmp(out, 1);
}

static void abort_can_be_left(void) {
  on(SIGABRT, jump_out, SA_NODEFER);
  block(SIGABRT);
  if (setjmp(out) == 0) abort();
  EXPECT_EQ(counted, 1);
  on_default(SIGABRT);
}

static void old_interfaces(void) {
  EXPECT(sigset(SIGUSR1, count) == SIG_DFL);
  EXPECT_EQ(sighold(SIGUSR1), 0);
  raise(SIGUSR1);
  EXPECT_EQ(counted, 0);
  EXPECT_EQ(sigrelse(SIGUSR1), 0);
  EXPECT_EQ(counted, 1);
  EXPECT_EQ(sigignore(SIGUSR1), 0);
  raise(SIGUSR1);
  EXPECT_EQ(counted, 1);
  EXPECT(sigset(SIGUSR1, SIG_DFL) == SIG_IGN);
  EXPECT(signal(SIGUSR1, count) == SIG_DFL);
  raise(SIGUSR1);
  raise(SIGUSR1);
  EXPECT_EQ(counted, 3);
  on_default(SIGUSR1);
}

const struct test disposition_tests[] = {
    {"dispositions: raise() runs the handler at once", raise_runs_it_at_once},
    {"dispositions: what is refused", what_is_refused},
    {"dispositions: the action is told", action_is_told},
    {"dispositions: blocked while its handler runs", blocked_while_it_runs},
    {"dispositions: SA_RESETHAND", reset_after_once},
    {"dispositions: ignored", ignored},
    {"dispositions: who sent it, and a value", info_of_kill_and_queue},
    {"dispositions: abort() can be left by a jump only", abort_can_be_left},
    {"dispositions: signal(), sigset() and their kin", old_interfaces},
    {NULL, NULL},
};
