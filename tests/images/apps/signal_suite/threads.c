// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

#include "suite.h"

#include <sched.h>
#include <semaphore.h>

static int stage;
static volatile sig_atomic_t taken;
static pthread_t taker;

static void take(int number) {
  (void)number;
  taker = pthread_self();
  ++taken;
}

static void* wait_paused(void* argument) {
  put(&stage, 1);
  while (taken == 0) pause();
  return argument;
}

static void to_one_that_waits(void) {
  taken = 0;
  put(&stage, 0);
  on(SIGUSR1, take, 0);
  block(SIGUSR1);
  block(SIGUSR2);
  sigset_t usual;
  EXPECT_EQ(pthread_sigmask(SIG_SETMASK, NULL, &usual), 0);
  unblock(SIGUSR1);
  const pthread_t thread = start(wait_paused, NULL);
  block(SIGUSR1);
  await(&stage, 1);
  EXPECT_EQ(pthread_kill(thread, 65), EINVAL);
  EXPECT_EQ(pthread_kill(thread, 0), 0);
  while (taken == 0) {
    EXPECT_EQ(pthread_kill(thread, SIGUSR1), 0);
    sleep_ms(2);
  }
  EXPECT(pthread_equal(taker, thread));
  finish(thread);
#if IN_IMAGE
  EXPECT_EQ(pthread_kill(thread, SIGUSR1), ESRCH);
#endif
  unblock(SIGUSR1);
  unblock(SIGUSR2);
  on_default(SIGUSR1);
}

static void* see_mask(void* argument) {
  sigset_t now;
  EXPECT_EQ(pthread_sigmask(SIG_SETMASK, NULL, &now), 0);
  put(argument, sigismember(&now, SIGUSR1) + 2 * sigismember(&now, SIGUSR2));
  EXPECT_EQ(is_pending(SIGUSR1), 0);
  return NULL;
}

// The mask, not what is pending.
static void the_mask_is_inherited(void) {
  int seen = -1;
  block(SIGUSR1);
  raise(SIGUSR1);
  finish(start(see_mask, &seen));
  EXPECT_EQ(seen, 1);
  const sigset_t set = only(SIGUSR1);
  int number;
  EXPECT_EQ(sigwait(&set, &number), 0);
  unblock(SIGUSR1);
}

static void* accept_two(void* argument) {
  const sigset_t set = only(SIGUSR1);
  int number = 0;
  for (int i = 0; i < 2; ++i) {
    put(&stage, i + 1);
    EXPECT_EQ(sigwait(&set, &number), 0);
    EXPECT_EQ(number, SIGUSR1);
  }
  put(&stage, 3);
  return argument;
}

static void one_that_accepts_gets_it(void) {
  put(&stage, 0);
  block(SIGUSR1);
  const pthread_t thread = start(accept_two, NULL);
  await(&stage, 1);
  EXPECT_EQ(kill(getpid(), SIGUSR1), 0);
  await(&stage, 2);
  EXPECT_EQ(pthread_kill(thread, SIGUSR1), 0);
  finish(thread);
  EXPECT_EQ(is_pending(SIGUSR1), 0);
  unblock(SIGUSR1);
}

static void* unblocked(void* argument) {
  unblock(SIGUSR1);
  put(&stage, 1);
  while (taken == 0) sleep_ms(1);
  return argument;
}

static void whoever_does_not_block_it(void) {
  taken = 0;
  put(&stage, 0);
  on(SIGUSR1, take, 0);
  block(SIGUSR1);
  const pthread_t thread = start(unblocked, NULL);
  await(&stage, 1);
  EXPECT_EQ(kill(getpid(), SIGUSR1), 0);
  finish(thread);
  EXPECT(pthread_equal(taker, thread));
  EXPECT_EQ(taken, 1);
  unblock(SIGUSR1);
  on_default(SIGUSR1);
}

static void* compute(void* argument) {
  put(&stage, 1);
  EXPECT(compute_until(&taken, 1));
  return argument;
}

static void* compute_a_while(void* argument) {
  compute_ms(60);
  put(argument, 1);
  return NULL;
}

// Whether a thread that computes lets others run.
static int is_preemptive(void) {
  int over = 0;
  const pthread_t thread = start(compute_a_while, &over);
  sched_yield();
  const int preempted = !get(&over);
  finish(thread);
  return preempted;
}

static void to_one_that_computes(void) {
  const int runs_meanwhile = is_preemptive();
  for (int started = 0; started <= runs_meanwhile; ++started) {
    taken = 0;
    put(&stage, 0);
    on(SIGUSR1, take, 0);
    const pthread_t thread = start(compute, NULL);
    if (started) await(&stage, 1);
    EXPECT_EQ(pthread_kill(thread, SIGUSR1), 0);
    finish(thread);
    EXPECT_EQ(taken, 1);
    EXPECT(pthread_equal(taker, thread));
  }
  on_default(SIGUSR1);
}

static int interrupted;
static void* wait_on(void* argument) {
  sem_t* const semaphore = argument;
  put(&stage, 1);
  while (sem_wait(semaphore) != 0) {
    EXPECT_EQ(errno, EINTR);
    put(&interrupted, 1);
  }
  return NULL;
}

static void a_wait_ends_or_begins_anew(void) {
  for (int restarts = 0; restarts < 2; ++restarts) {
    sem_t semaphore;
    EXPECT_EQ(sem_init(&semaphore, 0, 0), 0);
    taken = 0;
    put(&stage, 0);
    put(&interrupted, 0);
    on(SIGUSR1, take, restarts ? SA_RESTART : 0);
    const pthread_t thread = start(wait_on, &semaphore);
    await(&stage, 1);
    sleep_ms(20);
    for (int i = 0; i < 1000 && (taken < 3 || !(restarts || get(&interrupted))); ++i) {
      EXPECT_EQ(pthread_kill(thread, SIGUSR1), 0);
      sleep_ms(5);
    }
    EXPECT(taken >= 3);
    EXPECT_EQ(sem_post(&semaphore), 0);
    finish(thread);
    EXPECT_EQ(get(&interrupted), restarts ? 0 : 1);
    EXPECT_EQ(sem_destroy(&semaphore), 0);
  }
  on_default(SIGUSR1);
}

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static void* lock_it(void* argument) {
  put(&stage, 1);
  EXPECT_EQ(pthread_mutex_lock(&mutex), 0);
  EXPECT_EQ(pthread_mutex_unlock(&mutex), 0);
  return argument;
}

static void locks_are_not_broken(void) {
  taken = 0;
  put(&stage, 0);
  on(SIGUSR1, take, 0);
  pthread_mutex_lock(&mutex);
  const pthread_t thread = start(lock_it, NULL);
  await(&stage, 1);
  sleep_ms(10);
  EXPECT_EQ(pthread_kill(thread, SIGUSR1), 0);
  for (int i = 0; i < 1000 && taken == 0; ++i) sleep_ms(1);
  EXPECT_EQ(taken, 1);
  EXPECT(pthread_equal(taker, thread));
  pthread_mutex_unlock(&mutex);
  finish(thread);
  on_default(SIGUSR1);
}

static volatile int sum;
static void add(int number, siginfo_t* info, void* context) {
  (void)number;
  (void)context;
  __atomic_add_fetch(&sum, info->si_value.sival_int, __ATOMIC_RELAXED);
}

static void* receive(void* argument) {
  put(&stage, 1);
  while (__atomic_load_n(&sum, __ATOMIC_RELAXED) < 6) sleep_ms(1);
  return argument;
}

static void with_values(void) {
  __atomic_store_n(&sum, 0, __ATOMIC_RELAXED);
  put(&stage, 0);
  on_info(SIGRTMIN, add, 0);
  const pthread_t thread = start(receive, NULL);
  await(&stage, 1);
  for (int i = 1; i <= 3; ++i) {
    const union sigval value = {.sival_int = i};
    EXPECT_EQ(pthread_sigqueue(thread, SIGRTMIN, value), 0);
  }
  finish(thread);
  EXPECT_EQ(sum, 6);
  on_default(SIGRTMIN);
}

// A storm: everybody sends to everybody, and all arrives.
enum { kThreads = 6, kRounds = 60 };
static int received[kThreads], storm_over;
static pthread_t storm[kThreads];
static _Thread_local int number_here;
static void note(int number, siginfo_t* info, void* context) {
  (void)number;
  (void)info;
  (void)context;
  __atomic_add_fetch(&received[number_here], 1, __ATOMIC_RELAXED);
}

static void* rage(void* argument) {
  number_here = (int)(long)argument;
  unblock(SIGRTMIN);
  __atomic_add_fetch(&stage, 1, __ATOMIC_ACQ_REL);
  await(&stage, kThreads + 1);
  unsigned seed = (unsigned)number_here * 7919U + 1;
  for (int round = 0; round < kRounds; ++round) {
    for (int to = 0; to < kThreads; ++to) {
      const union sigval value = {.sival_int = round};
      while (pthread_sigqueue(storm[to], SIGRTMIN, value) != 0) sched_yield();
    }
    seed = seed * 1664525U + 1013904223U;
    for (volatile unsigned i = 0; i < seed >> 18; ++i) {
    }
    pthread_mutex_lock(&mutex);
    if (round % 8 == 0) pthread_cond_broadcast(&condition);
    pthread_mutex_unlock(&mutex);
    if (round % 16 == 0) sleep_ms(1);
  }
  while (!get(&storm_over)) sleep_ms(1);
  return NULL;
}

static void a_storm(void) {
  put(&stage, 0);
  put(&storm_over, 0);
  memset(received, 0, sizeof received);
  on_info(SIGRTMIN, note, SA_RESTART);
  block(SIGRTMIN);
  for (long i = 0; i < kThreads; ++i) storm[i] = start(rage, (void*)i);
  await(&stage, kThreads);
  put(&stage, kThreads + 1);
  for (int tries = 0; tries < 20000; ++tries) {
    int all = 1;
    for (int i = 0; i < kThreads; ++i) all = all && get(&received[i]) == kThreads * kRounds;
    if (all) break;
    sleep_ms(1);
  }
  put(&storm_over, 1);
  for (int i = 0; i < kThreads; ++i) {
    finish(storm[i]);
    EXPECT_EQ(received[i], kThreads * kRounds);
  }
  unblock(SIGRTMIN);
  on_default(SIGRTMIN);
}

static void* ends_soon(void* argument) {
  block(SIGUSR1);
  put(&stage, 1);
  return argument;
}

// What is pending for a thread goes with it.
static void gone_with_its_thread(void) {
  on(SIGUSR1, take, 0);
  taken = 0;
  for (int i = 0; i < 50; ++i) {
    put(&stage, 0);
    const pthread_t thread = start(ends_soon, NULL);
    const int error = pthread_kill(thread, SIGWINCH);
    EXPECT_EQ(error, 0);
    await(&stage, 1);
    EXPECT_EQ(pthread_kill(thread, SIGUSR1), 0);
    finish(thread);
  }
  EXPECT_EQ(taken, 0);
  EXPECT_EQ(is_pending(SIGUSR1), 0);
  on_default(SIGUSR1);
}

const struct test thread_tests[] = {
    {"threads: to one that waits", to_one_that_waits},
    {"threads: the mask is inherited", the_mask_is_inherited},
    {"threads: one that accepts gets it", one_that_accepts_gets_it},
    {"threads: whoever does not block it", whoever_does_not_block_it},
    {"threads: to one that computes", to_one_that_computes},
    {"threads: a wait ends, or begins anew", a_wait_ends_or_begins_anew},
    {"threads: locks are not broken", locks_are_not_broken},
    {"threads: with values", with_values},
    {"threads: gone with its thread", gone_with_its_thread},
    {"threads: a storm", a_storm},
    {NULL, NULL},
};
