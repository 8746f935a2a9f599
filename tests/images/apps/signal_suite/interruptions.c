// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

#include "suite.h"

#include <semaphore.h>
#include <sys/time.h>
#include <threads.h>

// Again and again: one that comes before the wait does no harm.
static void alarm_every(long count) {
  const struct itimerval in = {{count / 1000, count % 1000 * 1000},
                               {count / 1000, count % 1000 * 1000}};
  EXPECT_EQ(setitimer(ITIMER_REAL, &in, NULL), 0);
}
static void no_alarms(void) { alarm_every(0); }

static void sleeping(void) {
  on(SIGALRM, count, SA_RESTART);
  const struct timespec time = {10, 0};
  struct timespec left = {0, 0};
  alarm_every(30);
  EXPECT_ERROR(nanosleep(&time, &left), EINTR);
  EXPECT(left.tv_sec >= 5 && left.tv_sec < 10);
  EXPECT_EQ(clock_nanosleep(CLOCK_MONOTONIC, 0, &time, NULL), EINTR);
  left.tv_sec = 0;
  EXPECT_EQ(thrd_sleep(&time, &left), -1);  // ISO C17 §7.26.5.7
  EXPECT(left.tv_sec >= 5 && left.tv_sec < 10);
  EXPECT(counted >= 3);
  no_alarms();
  on_default(SIGALRM);
}

static void ignored_does_not_interrupt(void) {
  on(SIGALRM, SIG_IGN, 0);
  alarm_every(10);
  const struct timespec time = milliseconds(50);
  EXPECT_EQ(nanosleep(&time, NULL), 0);
  no_alarms();
  on_default(SIGALRM);
}

static void blocked_does_not_interrupt(void) {
  on(SIGALRM, count, 0);
  block(SIGALRM);
  alarm_every(10);
  const struct timespec time = milliseconds(50);
  EXPECT_EQ(nanosleep(&time, NULL), 0);
  no_alarms();
  EXPECT_EQ(counted, 0);
  unblock(SIGALRM);
  EXPECT_EQ(counted, 1);
  on_default(SIGALRM);
}

static void paused(void) {
  on(SIGALRM, count, SA_RESTART);
  alarm_every(20);
  EXPECT_ERROR(pause(), EINTR);
  EXPECT(counted >= 1);
  no_alarms();
  on_default(SIGALRM);
}

static sem_t semaphore;
static void post(int number) {
  count(number);
  if (counted == 2) sem_post(&semaphore);
}

// An alarm ends the wait where it does not begin anew; the second then lets it through.
static void waiting_for_a_semaphore(void) {
  EXPECT_EQ(sem_init(&semaphore, 0, 0), 0);
  on(SIGALRM, count, 0);
  alarm_every(20);
  EXPECT_ERROR(sem_wait(&semaphore), EINTR);
  counted = 0;
  on(SIGALRM, post, SA_RESTART);
  EXPECT_EQ(sem_wait(&semaphore), 0);
  EXPECT(counted >= 2);
  no_alarms();
  on_default(SIGALRM);
  EXPECT_EQ(sem_destroy(&semaphore), 0);
}

static void accepting(void) {
  on(SIGALRM, count, SA_RESTART);
  const sigset_t set = only(SIGUSR1);
  block(SIGUSR1);
  alarm_every(20);
  EXPECT_ERROR(sigwaitinfo(&set, NULL), EINTR);
  EXPECT(counted >= 1);
  no_alarms();
  unblock(SIGUSR1);
  on_default(SIGALRM);
}

static void interrupts_by_request(void) {
  EXPECT(signal(SIGALRM, count) == SIG_DFL);
  EXPECT_EQ(siginterrupt(SIGALRM, 1), 0);
  struct sigaction action;
  EXPECT_EQ(sigaction(SIGALRM, NULL, &action), 0);
  EXPECT_EQ(action.sa_flags & SA_RESTART, 0);
  EXPECT_EQ(siginterrupt(SIGALRM, 0), 0);
  EXPECT_EQ(sigaction(SIGALRM, NULL, &action), 0);
  EXPECT_EQ(action.sa_flags & SA_RESTART, SA_RESTART);
  EXPECT_ERROR(siginterrupt(99, 0), EINVAL);
  on_default(SIGALRM);
}

static void a_handler_that_sleeps(int number) {
  sleep_ms(20);
  count(number);
}

static void handlers_may_wait(void) {
  on(SIGALRM, a_handler_that_sleeps, 0);
  on(SIGUSR1, a_handler_that_sleeps, 0);
  alarm_every(50);
  const struct timespec time = {5, 0};
  EXPECT_ERROR(nanosleep(&time, NULL), EINTR);
  no_alarms();
  EXPECT(counted >= 1);
  const int before = counted;
  raise(SIGUSR1);
  EXPECT(counted > before);
  on_default(SIGALRM);
  on_default(SIGUSR1);
}

const struct test interruption_tests[] = {
    {"interruptions: sleeping ends with what is left", sleeping},
    {"interruptions: not by what is ignored", ignored_does_not_interrupt},
    {"interruptions: not by what is blocked", blocked_does_not_interrupt},
    {"interruptions: pause()", paused},
    {"interruptions: a semaphore, with and without SA_RESTART", waiting_for_a_semaphore},
    {"interruptions: sigwaitinfo()", accepting},
    {"interruptions: siginterrupt()", interrupts_by_request},
    {"interruptions: handlers may wait", handlers_may_wait},
    {NULL, NULL},
};
