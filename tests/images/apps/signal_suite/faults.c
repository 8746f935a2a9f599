// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

#include "suite.h"

#include <stdint.h>
#include <ucontext.h>

static sigjmp_buf out;
static volatile int code;
static void* volatile address;
static volatile uintptr_t pc;

static uintptr_t pc_of(void* context) {
  const ucontext_t* const interrupted = context;
#if defined(__x86_64__)
  return (uintptr_t)interrupted->uc_mcontext.gregs[REG_RIP];
#else
  return (uintptr_t)interrupted->uc_mcontext.pc;
#endif
}

static void leave(int number, siginfo_t* info, void* context) {
  count(number);
  code = info->si_code;
  address = info->si_addr;
  pc = pc_of(context);
  siglongjmp(out, 1);
}

static volatile int* volatile nowhere = (volatile int*)64;

static void a_bad_address(void) {
  on_info(SIGSEGV, leave, 0);
  for (volatile int i = 0; i < 3; ++i) {
    if (sigsetjmp(out, 1) == 0) {
      *nowhere = 1;
      EXPECT(0);
    }
    EXPECT_EQ(code, SEGV_MAPERR);
    EXPECT(address == nowhere);
    EXPECT(pc != 0);
  }
  EXPECT_EQ(counted, 3);
  on_default(SIGSEGV);
}

static const int constant[4096] = {1, 2, 3};

static void a_constant(void) {
  on_info(SIGSEGV, leave, 0);
  volatile int* const target = (volatile int*)&constant[5];
  if (sigsetjmp(out, 1) == 0) {
    *target = 1;
    EXPECT(0);
  }
  EXPECT_EQ(code, SEGV_ACCERR);
  EXPECT(address == target);
  on_default(SIGSEGV);
}

static void no_instruction(void) {
  on_info(SIGILL, leave, 0);
  if (sigsetjmp(out, 1) == 0) {
#if defined(__x86_64__)
    __asm__ volatile("ud2");
#else
    __asm__ volatile("udf #0");
#endif
    EXPECT(0);
  }
  EXPECT_EQ(last_signal, SIGILL);
  EXPECT(address == (void*)pc);
  on_default(SIGILL);
}

#if defined(__x86_64__)
static volatile int zero;
static void division_by_zero(void) {
  on_info(SIGFPE, leave, 0);
  if (sigsetjmp(out, 1) == 0) {
    int quotient = 1, rest = 0;
    __asm__ volatile("idivl %2" : "+a"(quotient), "+d"(rest) : "r"(zero));
    EXPECT(0);
  }
  EXPECT_EQ(last_signal, SIGFPE);
  EXPECT_EQ(code, FPE_INTDIV);
  on_default(SIGFPE);
}

#if !IN_IMAGE  // QEMU's software emulation never raises it
static void floating_point(void) {
  on_info(SIGFPE, leave, 0);
  unsigned usual;
  __asm__ volatile("stmxcsr %0" : "=m"(usual));
  if (sigsetjmp(out, 1) == 0) {
    const unsigned trapping = 0x1d80;  // division by zero is not masked
    __asm__ volatile("ldmxcsr %0" : : "m"(trapping));
    volatile double one = 1.0, nothing = 0.0;
    one = one / nothing;
    EXPECT(0);
  }
  __asm__ volatile("ldmxcsr %0" : : "m"(usual));
  EXPECT_EQ(last_signal, SIGFPE);
  EXPECT_EQ(code, FPE_FLTDIV);
  on_default(SIGFPE);
}
#endif
#endif

// A handler that mends what was wrong, in the registers.
static volatile int good = 42;
static void mend(int number, siginfo_t* info, void* context) {
  count(number);
  (void)info;
  ucontext_t* const interrupted = context;
#if defined(__x86_64__)
  interrupted->uc_mcontext.gregs[REG_RAX] = (greg_t)&good;
#else
  interrupted->uc_mcontext.regs[0] = (uintptr_t)&good;
#endif
}

static void a_handler_that_mends(void) {
  on_info(SIGSEGV, mend, 0);
  int value = 0;
  double kept = 1.25;
#if defined(__x86_64__)
  __asm__ volatile("mov %2, %%rax\n\tmovl (%%rax), %0"
                   : "=r"(value), "+x"(kept)
                   : "r"(nowhere)
                   : "rax");
#else
  __asm__ volatile("mov x0, %2\n\tldr %w0, [x0]" : "=r"(value), "+w"(kept) : "r"(nowhere) : "x0");
#endif
  EXPECT_EQ(value, 42);
  EXPECT(kept == 1.25);
  EXPECT_EQ(counted, 1);
  on_default(SIGSEGV);
}

static char room[65536] __attribute__((__aligned__(16)));
static int deep(int level) {
  volatile char frame[1024];
  frame[0] = (char)level;
  return level > 100000000 ? frame[0] : deep(level + 1) + frame[0];
}

static void* overflow(void* argument) {
  const stack_t stack = {.ss_sp = room, .ss_flags = 0, .ss_size = sizeof room};
  EXPECT_EQ(sigaltstack(&stack, NULL), 0);
  on_info(SIGSEGV, leave, SA_ONSTACK);
  for (volatile int i = 0; i < 3; ++i) {
    if (sigsetjmp(out, 1) == 0) {
      deep(0);
      EXPECT(0);
    }
  }
  EXPECT_EQ(counted, 3);
  const stack_t none = {.ss_sp = NULL, .ss_flags = SS_DISABLE, .ss_size = 0};
  EXPECT_EQ(sigaltstack(&none, NULL), 0);
  on_default(SIGSEGV);
  return argument;
}

static void a_stack_that_overflows(void) {
  if (!has_threads()) {
    overflow(NULL);
  } else {
    finish(start(overflow, NULL));
  }
}

const struct test fault_tests[] = {
    {"faults: a bad address", a_bad_address},
    {"faults: a constant", a_constant},
    {"faults: no instruction", no_instruction},
#if defined(__x86_64__)
    {"faults: division by zero", division_by_zero},
#if !IN_IMAGE
    {"faults: floating point", floating_point},
#endif
#endif
    {"faults: a handler that mends", a_handler_that_mends},
    {"faults: a stack that overflows", a_stack_that_overflows},
    {NULL, NULL},
};
