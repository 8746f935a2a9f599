// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#ifndef ATOLL_SYS_UCONTEXT_H
#define ATOLL_SYS_UCONTEXT_H

// What a handler with SA_SIGINFO is told of what it interrupted, as Linux lays it out (the
// kernel's asm/ucontext.h and asm/sigcontext.h) and glibc calls it, without room for vector
// registers, which are kept elsewhere.

#include <signal.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__x86_64__)
enum {
  REG_R8,
  REG_R9,
  REG_R10,
  REG_R11,
  REG_R12,
  REG_R13,
  REG_R14,
  REG_R15,
  REG_RDI,
  REG_RSI,
  REG_RBP,
  REG_RBX,
  REG_RDX,
  REG_RAX,
  REG_RCX,
  REG_RSP,
  REG_RIP,
  REG_EFL,
  REG_CSGSFS,
  REG_ERR,
  REG_TRAPNO,
  REG_OLDMASK,
  REG_CR2
};
typedef long long greg_t;
typedef greg_t gregset_t[23];
typedef struct {
  gregset_t gregs;
  void* fpregs;  // null
  unsigned long long __reserved[8];
} mcontext_t;
typedef struct ucontext_t {
  unsigned long uc_flags;
  struct ucontext_t* uc_link;
  stack_t uc_stack;
  mcontext_t uc_mcontext;
  sigset_t uc_sigmask;
} ucontext_t;
#else
typedef struct {
  unsigned long long fault_address;
  unsigned long long regs[31];
  unsigned long long sp;
  unsigned long long pc;
  unsigned long long pstate;
} __attribute__((__aligned__(16))) mcontext_t;
typedef struct ucontext_t {
  unsigned long uc_flags;
  struct ucontext_t* uc_link;
  stack_t uc_stack;
  sigset_t uc_sigmask;
  unsigned long __reserved[15];
  mcontext_t uc_mcontext;
} ucontext_t;
#endif

#ifdef __cplusplus
}
#endif

#endif
