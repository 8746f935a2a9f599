// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#ifndef ATOLL_SETJMP_H
#define ATOLL_SETJMP_H

// newlib's, and POSIX.1-2017's jumps that know the mask of signals: lib/posix_signals has
// the functions behind them.
#include_next <setjmp.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  jmp_buf __registers;
  unsigned long __mask[2];  // whether there is one, and it
} sigjmp_buf[1];

void __atoll_save_mask(unsigned long* __mask, int __wanted);
void __atoll_restore_mask(const unsigned long* __mask);

#define sigsetjmp(environment, with_mask) \
  (__atoll_save_mask((environment)->__mask, (with_mask)), setjmp((environment)->__registers))

static __inline __attribute__((__noreturn__)) void siglongjmp(sigjmp_buf __environment,
                                                              int __value) {
  __atoll_restore_mask(__environment->__mask);
  longjmp(__environment->__registers, __value);
}

#ifdef __cplusplus
}
#endif

#endif
