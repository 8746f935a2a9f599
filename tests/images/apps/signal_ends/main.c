// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static volatile int* volatile nowhere = (volatile int*)64;
static volatile sig_atomic_t told;

static void touch_it_again(int number) {
  printf("handler of %d\n", number);
  *nowhere = 1;
}

static void tell(int number) { told = number; }

static void set_mask(int how, int number) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, number);
  sigprocmask(how, &set, NULL);
}

static int deep(int level) {
  volatile char frame[1024];
  frame[0] = (char)level;
  return level > 100000000 ? frame[0] : deep(level + 1) + frame[0];
}

static void wait_for_stop(const char* how) {
  if (strcmp(how, "handled") == 0) signal(SIGTERM, tell);
  const int deaf = strncmp(how, "deaf", 4) == 0;
  if (deaf || strcmp(how, "ignored") == 0) signal(SIGTERM, SIG_IGN);
  if (strcmp(how, "blocked") == 0) set_mask(SIG_BLOCK, SIGTERM);
  const int computes = strcmp(how, "computing") == 0;
  if (computes) signal(SIGTERM, tell);
  printf("waiting\n");
  if (computes) {
    while (!told) {
    }
  }
  const struct timespec time = {20, 0};
  while (deaf) {
    if (strcmp(how, "deaf-asleep") == 0) nanosleep(&time, NULL);
  }
  errno = 0;
  if (!told) nanosleep(&time, NULL);
  printf("told %d, error %d\n", (int)told, errno);
  if (strcmp(how, "blocked") == 0) set_mask(SIG_UNBLOCK, SIGTERM);
}

int main(int words, char** word) {
  if (words < 2) return 0;  // told nothing: no more than that it starts
  const char* const how = word[1];
  const int number = words > 2 ? atoi(word[2]) : 0;
  if (strcmp(how, "raise") == 0) raise(number);
  if (strcmp(how, "kill") == 0) kill(getpid(), number);
  if (strcmp(how, "abort") == 0) {
    set_mask(SIG_BLOCK, SIGABRT);
    signal(SIGABRT, SIG_IGN);
    abort();
  }
  if (strcmp(how, "alarm") == 0) {
    alarm(1);
    pause();
  }
  if (strcmp(how, "computing") == 0) {
    alarm(1);
    for (;;) {
    }
  }
  if (strcmp(how, "stop") == 0) {
    raise(SIGSTOP);
    raise(SIGTSTP);
    kill(getpid(), SIGTTIN);
    raise(SIGCONT);
    printf("goes on\n");
    return 0;
  }
  if (strcmp(how, "fault-ignored") == 0) signal(SIGSEGV, SIG_IGN);
  if (strcmp(how, "fault-blocked") == 0) {
    signal(SIGSEGV, tell);
    set_mask(SIG_BLOCK, SIGSEGV);
  }
  if (strcmp(how, "fault-in-handler") == 0) signal(SIGSEGV, touch_it_again);
  if (strncmp(how, "fault", 5) == 0) *nowhere = 1;
  if (strcmp(how, "overflow") == 0) {
    signal(SIGSEGV, tell);
    return deep(0);
  }
  if (strcmp(how, "wait") == 0) {
    wait_for_stop(words > 2 ? word[2] : "");
    return 0;
  }
  printf("lives on\n");
  return 3;
}
