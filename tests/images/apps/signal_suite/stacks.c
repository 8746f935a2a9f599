// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

#include "suite.h"

static char room[65536] __attribute__((__aligned__(16)));
static volatile int on_room;
static volatile int flags_seen;

static int is_in_room(const void* address) {
  return (const char*)address >= room && (const char*)address < room + sizeof room;
}

static void where(int number, siginfo_t* info, void* context) {
  (void)info;
  (void)context;
  char here;
  stack_t now;
  count(number);
  on_room = is_in_room(&here);
  if (sigaltstack(NULL, &now) == 0) flags_seen = now.ss_flags;
  if (on_room) {
    const stack_t other = {.ss_sp = room, .ss_flags = 0, .ss_size = sizeof room};
    errno = 0;
    EXPECT_EQ(sigaltstack(&other, NULL), -1);
    EXPECT_EQ(errno, EPERM);
  }
}

static void use_room(void) {
  const stack_t stack = {.ss_sp = room, .ss_flags = 0, .ss_size = sizeof room};
  EXPECT_EQ(sigaltstack(&stack, NULL), 0);
}
static void use_none(void) {
  const stack_t none = {.ss_sp = NULL, .ss_flags = SS_DISABLE, .ss_size = 0};
  EXPECT_EQ(sigaltstack(&none, NULL), 0);
}

static void handlers_that_ask_for_it(void) {
  use_room();
  on_info(SIGUSR1, where, SA_ONSTACK);
  raise(SIGUSR1);
  EXPECT_EQ(on_room, 1);
  EXPECT_EQ(flags_seen, SS_ONSTACK);
  on_info(SIGUSR1, where, 0);
  raise(SIGUSR1);
  EXPECT_EQ(on_room, 0);
  EXPECT_EQ(flags_seen, 0);
  use_none();
  on_info(SIGUSR1, where, SA_ONSTACK);
  raise(SIGUSR1);
  EXPECT_EQ(on_room, 0);
  EXPECT_EQ(flags_seen, SS_DISABLE);
  EXPECT_EQ(counted, 3);
  on_default(SIGUSR1);
}

static void what_is_refused(void) {
  stack_t stack = {.ss_sp = room, .ss_flags = 0, .ss_size = SMALL_STACK};
  EXPECT_ERROR(sigaltstack(&stack, NULL), ENOMEM);
  stack.ss_size = sizeof room;
  stack.ss_flags = 0x40;
  EXPECT_ERROR(sigaltstack(&stack, NULL), EINVAL);
  EXPECT_EQ(sigaltstack(NULL, &stack), 0);
  EXPECT_EQ(stack.ss_flags, SS_DISABLE);
  use_room();
  EXPECT_EQ(sigaltstack(NULL, &stack), 0);
  EXPECT(stack.ss_sp == room);
  EXPECT_EQ(stack.ss_size, sizeof room);
  use_none();
}

static volatile int inner_on_room;
static void nested(int number) {
  char here;
  count(number);
  if (number == SIGUSR1) {
    on_room = is_in_room(&here);
    raise(SIGUSR2);
  } else {
    inner_on_room = is_in_room(&here);
  }
}

static void nested_handlers_share_it(void) {
  use_room();
  on(SIGUSR1, nested, SA_ONSTACK);
  on(SIGUSR2, nested, SA_ONSTACK);
  raise(SIGUSR1);
  EXPECT_EQ(counted, 2);
  EXPECT_EQ(on_room, 1);
  EXPECT_EQ(inner_on_room, 1);
  use_none();
  on_default(SIGUSR1);
  on_default(SIGUSR2);
}

static sigjmp_buf out;
static void leave(int number) {
  count(number);
  siglongjmp(out, 1);
}

static void left_by_a_jump(void) {
  use_room();
  on(SIGUSR1, leave, SA_ONSTACK);
  for (volatile int i = 0; i < 3; ++i) {
    if (sigsetjmp(out, 1) == 0) raise(SIGUSR1);
  }
  EXPECT_EQ(counted, 3);
  stack_t now;
  EXPECT_EQ(sigaltstack(NULL, &now), 0);
  EXPECT_EQ(now.ss_flags, 0);
  use_none();
  on_default(SIGUSR1);
}

static _Thread_local int own = 5;
static volatile double result;
static void computes(int number) {
  count(number);
  own += 1;
  errno = ENOTDIR;
  result = result * 1.5;
  sleep_ms(2);
}

static void is_the_same_thread(void) {
  use_room();
  on(SIGUSR1, computes, SA_ONSTACK);
  result = 2.0;
  raise(SIGUSR1);
  EXPECT_EQ(own, 6);
  EXPECT_EQ(errno, ENOTDIR);
  EXPECT(result == 3.0);
  use_none();
  on_default(SIGUSR1);
}

const struct test stack_tests[] = {
    {"stacks: handlers that ask for it", handlers_that_ask_for_it},
    {"stacks: what is refused", what_is_refused},
    {"stacks: nested handlers share it", nested_handlers_share_it},
    {"stacks: left by a jump", left_by_a_jump},
    {"stacks: the thread is the same", is_the_same_thread},
    {NULL, NULL},
};
