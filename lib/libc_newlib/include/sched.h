// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#ifndef ATOLL_SCHED_H
#define ATOLL_SCHED_H
#define _SCHED_H_  // newlib's own header must not follow

// POSIX.1-2017, <sched.h>; sched_getcpu(3), sched_setaffinity(2), CPU_SET(3).
// lib/posix_threads has the functions.

#include <sys/types.h>

#include <sys/sched.h>

#ifdef __cplusplus
extern "C" {
#endif

int sched_yield(void);
int sched_get_priority_max(int policy);
int sched_get_priority_min(int policy);
int sched_getcpu(void);

#if __GNU_VISIBLE
// CPU n is bit n % 64 of word n / 64. The functions look at the first word.
#define CPU_SETSIZE 1024
typedef struct {
  unsigned long __bits[CPU_SETSIZE / 64];
} cpu_set_t;

int sched_setaffinity(pid_t thread, size_t size, const cpu_set_t* cpus);
int sched_getaffinity(pid_t thread, size_t size, cpu_set_t* cpus);

static __inline unsigned long __cpu_bit(size_t __cpu, size_t __size) {
  return __cpu < 8 * __size ? 1UL << __cpu % 64 : 0;
}
static __inline int __cpu_count(size_t __size, const cpu_set_t* __set) {
  int __count = 0;
  for (size_t __i = 0; __i < __size / 8; ++__i) {
    for (unsigned long __left = __set->__bits[__i]; __left != 0; __left &= __left - 1) ++__count;
  }
  return __count;
}

#define CPU_ALLOC_SIZE(count) (((size_t)(count) + 63) / 64 * 8)
#define CPU_ALLOC(count) ((cpu_set_t*)__builtin_malloc(CPU_ALLOC_SIZE(count)))
#define CPU_FREE(set) __builtin_free(set)
#define __CPU_WORD(cpu, size, set) ((set)->__bits[(size_t)(cpu) < 8 * (size) ? (cpu) / 64 : 0])
#define CPU_SET_S(cpu, size, set) \
  ((void)(__CPU_WORD(cpu, size, set) |= __cpu_bit((size_t)(cpu), size)))
#define CPU_CLR_S(cpu, size, set) \
  ((void)(__CPU_WORD(cpu, size, set) &= ~__cpu_bit((size_t)(cpu), size)))
#define CPU_ISSET_S(cpu, size, set) \
  ((__CPU_WORD(cpu, size, set) & __cpu_bit((size_t)(cpu), size)) != 0)
#define CPU_ZERO_S(size, set) ((void)__builtin_memset(set, 0, size))
#define CPU_COUNT_S(size, set) __cpu_count(size, set)
#define CPU_EQUAL_S(size, left, right) (__builtin_memcmp(left, right, size) == 0)
#define __CPU_COMBINE(size, into, left, operation, right)                      \
  do {                                                                         \
    for (size_t __i = 0; __i < (size) / 8; ++__i)                              \
      (into)->__bits[__i] = (left)->__bits[__i] operation(right)->__bits[__i]; \
  } while (0)
#define CPU_AND_S(size, into, left, right) __CPU_COMBINE(size, into, left, &, right)
#define CPU_OR_S(size, into, left, right) __CPU_COMBINE(size, into, left, |, right)
#define CPU_XOR_S(size, into, left, right) __CPU_COMBINE(size, into, left, ^, right)

#define CPU_SET(cpu, set) CPU_SET_S(cpu, sizeof(cpu_set_t), set)
#define CPU_CLR(cpu, set) CPU_CLR_S(cpu, sizeof(cpu_set_t), set)
#define CPU_ISSET(cpu, set) CPU_ISSET_S(cpu, sizeof(cpu_set_t), set)
#define CPU_ZERO(set) CPU_ZERO_S(sizeof(cpu_set_t), set)
#define CPU_COUNT(set) CPU_COUNT_S(sizeof(cpu_set_t), set)
#define CPU_EQUAL(left, right) CPU_EQUAL_S(sizeof(cpu_set_t), left, right)
#define CPU_AND(into, left, right) CPU_AND_S(sizeof(cpu_set_t), into, left, right)
#define CPU_OR(into, left, right) CPU_OR_S(sizeof(cpu_set_t), into, left, right)
#define CPU_XOR(into, left, right) CPU_XOR_S(sizeof(cpu_set_t), into, left, right)
#endif

#ifdef __cplusplus
}
#endif

#endif
