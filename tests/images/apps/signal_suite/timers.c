// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

#include "suite.h"

#include <sys/time.h>

#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid
#endif

static void begin_alarm(void* seconds) { EXPECT_EQ(alarm((unsigned)(size_t)seconds), 0); }

static void alarms(void) {
  on(SIGALRM, count, 0);
  EXPECT_EQ(alarm(100), 0);
  EXPECT_EQ(alarm(50), 100);
  EXPECT_EQ(alarm(0), 50);
  EXPECT_EQ(alarm(0), 0);
  wait_counted(SIGALRM, 1, begin_alarm, (void*)1);
  EXPECT_EQ(counted, 1);
  EXPECT_EQ(alarm(0), 0);
  on_default(SIGALRM);
}

static void intervals(void) {
  on(SIGALRM, count, 0);
  struct itimerval wanted = {{0, 5000}, {0, 10000}}, before;
  EXPECT_EQ(setitimer(ITIMER_REAL, &wanted, NULL), 0);
  for (int i = 0; i < 4; ++i) pause();
  EXPECT(counted >= 4);
  memset(&wanted, 0, sizeof wanted);
  EXPECT_EQ(setitimer(ITIMER_REAL, &wanted, &before), 0);
  EXPECT_EQ(before.it_interval.tv_usec, 5000);
  EXPECT_EQ(getitimer(ITIMER_REAL, &before), 0);
  EXPECT_EQ(before.it_value.tv_sec, 0);
  EXPECT_EQ(before.it_value.tv_usec, 0);
  wanted.it_value.tv_usec = 1000000;
  EXPECT_ERROR(setitimer(ITIMER_REAL, &wanted, NULL), EINVAL);
  EXPECT_ERROR(setitimer(99, &wanted, NULL), EINVAL);
  EXPECT_ERROR(getitimer(-1, &before), EINVAL);
  on_default(SIGALRM);
}

static volatile int value_told, code_told;
static void keep(int number, siginfo_t* info, void* context) {
  (void)context;
  value_told = info->si_value.sival_int;
  code_told = info->si_code;
  count(number);
}

static timer_t create(clockid_t clock, int notify, int number, int value) {
  struct sigevent event;
  memset(&event, 0, sizeof event);
  event.sigev_notify = notify;
  event.sigev_signo = number;
  event.sigev_value.sival_int = value;
  timer_t timer = 0;
  EXPECT_EQ(timer_create(clock, &event, &timer), 0);
  return timer;
}

static void set(timer_t timer, long first, long every) {
  const struct itimerspec wanted = {milliseconds(every), milliseconds(first)};
  EXPECT_EQ(timer_settime(timer, 0, &wanted, NULL), 0);
}

static void begin_soon(void* timer) { set(*(timer_t*)timer, 10, 0); }

static void with_a_value(void) {
  static const clockid_t clocks[] = {CLOCK_MONOTONIC, CLOCK_REALTIME};
  on_info(SIGUSR1, keep, 0);
  for (size_t i = 0; i < 2; ++i) {
    counted = 0;
    timer_t timer = create(clocks[i], SIGEV_SIGNAL, SIGUSR1, 99);
    wait_counted(SIGUSR1, 1, begin_soon, &timer);
    EXPECT_EQ(counted, 1);
    EXPECT_EQ(value_told, 99);
    EXPECT_EQ(code_told, SI_TIMER);
    struct itimerspec left;
    EXPECT_EQ(timer_gettime(timer, &left), 0);
    EXPECT_EQ(left.it_value.tv_sec + left.it_value.tv_nsec, 0);
    struct timespec now;
    clock_gettime(clocks[i], &now);
    now.tv_sec -= 5;  // has passed
    if (now.tv_sec < 0) now.tv_sec = 0;
    const struct itimerspec absolute = {{0, 0}, {now.tv_sec, 1}};
    EXPECT_EQ(timer_settime(timer, TIMER_ABSTIME, &absolute, NULL), 0);
    sleep_ms(10);
    EXPECT_EQ(counted, 2);
    EXPECT_EQ(timer_delete(timer), 0);
  }
  on_default(SIGUSR1);
}

static void periodic(void) {
  on_info(SIGUSR1, keep, 0);
  const timer_t timer = create(CLOCK_MONOTONIC, SIGEV_SIGNAL, SIGUSR1, 1);
  set(timer, 5, 5);
  for (int i = 0; i < 5; ++i) pause();
  struct itimerspec left;
  EXPECT_EQ(timer_gettime(timer, &left), 0);
  EXPECT_EQ(left.it_interval.tv_nsec, 5000000);
  EXPECT(left.it_value.tv_nsec > 0 && left.it_value.tv_nsec <= 5000000);
  EXPECT_EQ(timer_delete(timer), 0);
  const int before = counted;
  sleep_ms(30);
  EXPECT_EQ(counted, before);
  on_default(SIGUSR1);
}

static void overruns(void) {
  on_info(SIGUSR1, keep, 0);
  block(SIGUSR1);
  const timer_t timer = create(CLOCK_MONOTONIC, SIGEV_SIGNAL, SIGUSR1, 1);
  set(timer, 2, 2);
  sleep_ms(50);
  const struct itimerspec stop = {{0, 0}, {0, 0}};
  EXPECT_EQ(timer_settime(timer, 0, &stop, NULL), 0);
  const sigset_t usr1 = only(SIGUSR1);
  siginfo_t info;
#if IN_IMAGE
  EXPECT_EQ(sigwaitinfo(&usr1, &info), SIGUSR1);
  EXPECT(timer_getoverrun(timer) >= 5);
  EXPECT_EQ(info.si_overrun, timer_getoverrun(timer));
  EXPECT_EQ(is_pending(SIGUSR1), 0);
#else
  const struct timespec none = {0, 0};  // newer kernels take it back
  sigtimedwait(&usr1, &info, &none);
#endif
  EXPECT_EQ(timer_delete(timer), 0);
  unblock(SIGUSR1);
  on_default(SIGUSR1);
}

static void without_a_signal(void) {
  const timer_t timer = create(CLOCK_MONOTONIC, SIGEV_NONE, 0, 0);
  set(timer, 10000, 0);
  struct itimerspec left;
  EXPECT_EQ(timer_gettime(timer, &left), 0);
  EXPECT(left.it_value.tv_sec >= 5);
  set(timer, 5, 0);
  sleep_ms(20);
  EXPECT_EQ(timer_gettime(timer, &left), 0);
  EXPECT_EQ(left.it_value.tv_sec + left.it_value.tv_nsec, 0);
  EXPECT_EQ(timer_delete(timer), 0);
}

static void to_this_thread(void) {
  on_info(SIGUSR1, keep, 0);
  struct sigevent event;
  memset(&event, 0, sizeof event);
  event.sigev_notify = SIGEV_THREAD_ID;
  event.sigev_signo = SIGUSR1;
  event.sigev_value.sival_int = 7;
  event.sigev_notify_thread_id = gettid();
  timer_t timer;
  EXPECT_EQ(timer_create(CLOCK_MONOTONIC, &event, &timer), 0);
  wait_counted(SIGUSR1, 1, begin_soon, &timer);
  EXPECT_EQ(counted, 1);
  EXPECT_EQ(value_told, 7);
  EXPECT_EQ(timer_delete(timer), 0);
  event.sigev_notify_thread_id = 0x3fffffff;
  EXPECT_ERROR(timer_create(CLOCK_MONOTONIC, &event, &timer), EINVAL);
  on_default(SIGUSR1);
}

static int calls, called_with, in_another_thread, signals_blocked;
static size_t stack_of_the_call;
static pthread_t creator;
static void called(union sigval value) {
  sigset_t mask;
  pthread_attr_t attributes;
  void* stack;
  pthread_sigmask(SIG_BLOCK, NULL, &mask);
  signals_blocked = sigismember(&mask, SIGUSR1);
  in_another_thread = !pthread_equal(pthread_self(), creator);
  if (pthread_getattr_np(pthread_self(), &attributes) == 0) {
    pthread_attr_getstack(&attributes, &stack, &stack_of_the_call);
    pthread_attr_destroy(&attributes);
  }
  called_with = value.sival_int;
  __atomic_add_fetch(&calls, 1, __ATOMIC_RELEASE);
}

static void by_a_thread(void) {
  struct sigevent event;
  timer_t timer;
  memset(&event, 0, sizeof event);
  event.sigev_notify = SIGEV_THREAD;
  event.sigev_notify_function = called;
  event.sigev_value.sival_int = 4711;
  creator = pthread_self();
  put(&calls, 0);
  if (!has_threads()) {
    EXPECT_EQ(timer_create(CLOCK_MONOTONIC, &event, &timer), -1);
    return;
  }
  EXPECT_EQ(timer_create(CLOCK_MONOTONIC, &event, &timer), 0);
  set(timer, 5, 0);
  while (get(&calls) < 1) sleep_ms(1);
  EXPECT_EQ(called_with, 4711);
  EXPECT(in_another_thread);
  EXPECT_EQ(signals_blocked, 1);
  sleep_ms(10);
  EXPECT_EQ(get(&calls), 1);
  set(timer, 2, 2);
  while (get(&calls) < 6) sleep_ms(1);
  EXPECT(timer_getoverrun(timer) >= 0);
  EXPECT_EQ(timer_delete(timer), 0);
  sleep_ms(10);
  const int after = get(&calls);
  sleep_ms(20);
  EXPECT_EQ(get(&calls), after);
}

static void by_a_thread_with_attributes(void) {
  struct sigevent event;
  timer_t timer;
  pthread_attr_t attributes;
  if (!has_threads()) return;
  EXPECT_EQ(pthread_attr_init(&attributes), 0);
  EXPECT_EQ(pthread_attr_setstacksize(&attributes, 192 * 1024), 0);
  EXPECT_EQ(pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED), 0);
  memset(&event, 0, sizeof event);
  event.sigev_notify = SIGEV_THREAD;
  event.sigev_notify_function = called;
  event.sigev_notify_attributes = &attributes;
  put(&calls, 0);
  EXPECT_EQ(timer_create(CLOCK_REALTIME, &event, &timer), 0);
  // They were copied.
  EXPECT_EQ(pthread_attr_destroy(&attributes), 0);
  set(timer, 2, 0);
  while (get(&calls) < 1) sleep_ms(1);
#if IN_IMAGE
  EXPECT_EQ(stack_of_the_call, 192 * 1024);
  // An object that is none.
  EXPECT_ERROR(timer_create(CLOCK_REALTIME, &event, &timer), EINVAL);
  event.sigev_notify_attributes = NULL;
  event.sigev_notify_function = NULL;
  EXPECT_ERROR(timer_create(CLOCK_REALTIME, &event, &timer), EINVAL);
#endif
  EXPECT_EQ(timer_delete(timer), 0);
}

static void what_is_refused(void) {
  struct sigevent event;
  timer_t timer;
  memset(&event, 0, sizeof event);
  event.sigev_notify = SIGEV_SIGNAL;
  event.sigev_signo = 65;
  EXPECT_ERROR(timer_create(CLOCK_MONOTONIC, &event, &timer), EINVAL);
  event.sigev_signo = SIGUSR1;
  EXPECT_ERROR(timer_create(4711, &event, &timer), EINVAL);
  EXPECT_EQ(timer_create(CLOCK_MONOTONIC, &event, &timer), 0);
  struct itimerspec bad = {{0, 0}, {0, 1000000000}};
  EXPECT_ERROR(timer_settime(timer, 0, &bad, NULL), EINVAL);
  bad.it_value.tv_nsec = 0;
  bad.it_value.tv_sec = -1;
  EXPECT_ERROR(timer_settime(timer, 0, &bad, NULL), EINVAL);
  EXPECT_EQ(timer_delete(timer), 0);
#if IN_IMAGE
  EXPECT_ERROR(timer_delete(timer), EINVAL);
  EXPECT_ERROR(timer_gettime(timer, &bad), EINVAL);
  EXPECT_ERROR(timer_getoverrun(timer), EINVAL);
  timer_t all[40];
  int made = 0;
  while (made < 40 && timer_create(CLOCK_MONOTONIC, &event, &all[made]) == 0) ++made;
  EXPECT_EQ(errno, EAGAIN);
  EXPECT(made >= 32);
  while (made > 0) EXPECT_EQ(timer_delete(all[--made]), 0);
#endif
}

const struct test timer_tests[] = {
    {"timers: alarm()", alarms},
    {"timers: intervals", intervals},
    {"timers: with a value, on both clocks", with_a_value},
    {"timers: periodic", periodic},
    {"timers: overruns", overruns},
    {"timers: without a signal", without_a_signal},
    {"timers: to one thread", to_this_thread},
    {"timers: by a thread", by_a_thread},
    {"timers: by a thread with attributes", by_a_thread_with_attributes},
    {"timers: what is refused", what_is_refused},
    {NULL, NULL},
};
