// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

#include "suite.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/time.h>
#include <ucontext.h>

// Handlers that come while a thread computes, without a wait or a call.

static void every(long count) {
  const struct itimerval in = {{count / 1000, count % 1000 * 1000},
                               {count / 1000, count % 1000 * 1000}};
  EXPECT_EQ(setitimer(ITIMER_REAL, &in, NULL), 0);
}

static volatile sig_atomic_t done;
static void stop(int number) {
  count(number);
  done = 1;
}

static void a_loop_is_interrupted(void) {
  done = 0;
  on(SIGALRM, stop, 0);
  const struct itimerval in = {{0, 0}, {0, 20000}};
  EXPECT_EQ(setitimer(ITIMER_REAL, &in, NULL), 0);
  EXPECT(compute_until(&done, 1));
  EXPECT_EQ(counted, 1);
  on_default(SIGALRM);
}

static volatile double noise = 1.0;
static volatile int enough, effort = 20000;
static void disturb(int number) {
  noise = noise * 1.0000001 + 0.5;
  errno = ENOTDIR;
  volatile char frame[2048];
  frame[0] = (char)number;
  memset((char*)frame, 0x5a, sizeof frame);
  if (++counted >= 40) enough = 1;
}

static double series(int terms) {
  double a = 0.0, b = 1.0, c = 0.5;
  for (int i = 1; i <= terms; ++i) {
    a += b / i;
    b = -b * 0.999;
    c = c * 0.25 + a;
  }
  return a + c;
}

static uint64_t mix(uint64_t seed, int rounds) {
  uint64_t a = seed, b = ~seed, c = 3, d = 5, e = 7, f = 11;
  for (int i = 0; i < rounds; ++i) {
    a = a * 6364136223846793005ULL + b;
    b ^= a >> 29;
    c += b * 31 + d;
    d ^= c << 7;
    e += d ^ f;
    f = f * 3 + e;
  }
  return a ^ b ^ c ^ d ^ e ^ f;
}

// All that it computes is as without the handlers.
static void nothing_is_lost(void) {
  enough = 0;
  const double right = series(effort);
  const uint64_t mixed = mix(17, effort);
  on(SIGALRM, disturb, 0);
  every(2);
  for (int i = 0; i < 20000 && !enough; ++i) {
    EXPECT(series(effort) == right);
    EXPECT(mix(17, effort) == mixed);
  }
  EXPECT(counted >= 40);
  every(0);
  on_default(SIGALRM);
}

static sigjmp_buf out;
static void leave(int number) {
  count(number);
  siglongjmp(out, 1);
}

static void left_by_a_jump(void) {
  on(SIGALRM, leave, 0);
  for (volatile int i = 0; i < 5; ++i) {
    if (sigsetjmp(out, 1) == 0) {
      const struct itimerval in = {{0, 0}, {0, 5000}};
      EXPECT_EQ(setitimer(ITIMER_REAL, &in, NULL), 0);
      compute_ms(20000);
      EXPECT(0);
    }
  }
  EXPECT_EQ(counted, 5);
  on_default(SIGALRM);
}

static volatile uintptr_t stack_pointer;
static void look(int number, siginfo_t* info, void* context) {
  (void)info;
  const ucontext_t* const interrupted = context;
#if defined(__x86_64__)
  stack_pointer = (uintptr_t)interrupted->uc_mcontext.gregs[REG_RSP];
#else
  stack_pointer = (uintptr_t)interrupted->uc_mcontext.sp;
#endif
  stop(number);
}

static void registers_are_told(void) {
  char here;
  done = 0;
  on_info(SIGALRM, look, 0);
  const struct itimerval in = {{0, 0}, {0, 10000}};
  EXPECT_EQ(setitimer(ITIMER_REAL, &in, NULL), 0);
  EXPECT(compute_until(&done, 1));
  const uintptr_t distance = (uintptr_t)&here - stack_pointer + 4096;
  EXPECT(distance < 2 * 4096);
  on_default(SIGALRM);
}

static char room[65536] __attribute__((__aligned__(16)));
static volatile int on_room;
static void where(int number) {
  char here;
  on_room = &here >= room && &here < room + sizeof room;
  stop(number);
}

static void on_another_stack(void) {
  const stack_t stack = {.ss_sp = room, .ss_flags = 0, .ss_size = sizeof room};
  EXPECT_EQ(sigaltstack(&stack, NULL), 0);
  done = 0;
  on(SIGALRM, where, SA_ONSTACK);
  const struct itimerval in = {{0, 0}, {0, 10000}};
  EXPECT_EQ(setitimer(ITIMER_REAL, &in, NULL), 0);
  EXPECT(compute_until(&done, 1));
  EXPECT_EQ(on_room, 1);
  const stack_t none = {.ss_sp = NULL, .ss_flags = SS_DISABLE, .ss_size = 0};
  EXPECT_EQ(sigaltstack(&none, NULL), 0);
  on_default(SIGALRM);
}

// The kernel's data are whole whenever a handler runs: it may call what waits.
static void sleeps(int number) {
  sleep_ms(1);
  if (++counted >= 20) done = 1;
  (void)number;
}

static void handlers_may_wait(void) {
  done = 0;
  on(SIGALRM, sleeps, 0);
  every(3);
  void* kept[8] = {0};
  for (unsigned i = 0; !done && i < 100000000; ++i) {
    free(kept[i % 8]);
    kept[i % 8] = malloc(i % 500 + 1);
  }
  every(0);
  for (int i = 0; i < 8; ++i) free(kept[i]);
  EXPECT_EQ(done, 1);
  on_default(SIGALRM);
}

// Nearly all of the time passes in the kernel, which is not interrupted.
static void in_the_heap_alone(void) {
  done = 0;
  on(SIGALRM, stop, 0);
  const struct itimerval in = {{0, 0}, {0, 10000}};
  EXPECT_EQ(setitimer(ITIMER_REAL, &in, NULL), 0);
  for (int i = 0; !done && i < 5000; ++i) {
    void* volatile block = calloc(1, 1 << 18);
    free(block);
  }
  EXPECT_EQ(done, 1);
  on_default(SIGALRM);
}

const struct test computing_tests[] = {
    {"computing: a loop is interrupted", a_loop_is_interrupted},
    {"computing: nothing of it is lost", nothing_is_lost},
    {"computing: left by a jump", left_by_a_jump},
    {"computing: the registers are told", registers_are_told},
    {"computing: on another stack", on_another_stack},
    {"computing: handlers may wait", handlers_may_wait},
    {"computing: in the heap alone", in_the_heap_alone},
    {NULL, NULL},
};
