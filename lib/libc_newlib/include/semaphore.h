// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#ifndef ATOLL_SEMAPHORE_H
#define ATOLL_SEMAPHORE_H

// POSIX.1-2017, <semaphore.h>; sem_clockwait() of POSIX.1-2024.
// lib/posix_threads has the functions.

#include <sys/types.h>
#include <time.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SEM_FAILED ((sem_t*)0)
#define SEM_VALUE_MAX 2147483647

typedef struct {
  unsigned __kind;
  unsigned __value;
  unsigned long __space[4];
} sem_t;

int sem_init(sem_t* semaphore, int shared, unsigned value);
int sem_destroy(sem_t* semaphore);
sem_t* sem_open(const char* name, int flags, ...);
int sem_close(sem_t* semaphore);
int sem_unlink(const char* name);
int sem_wait(sem_t* semaphore);
int sem_trywait(sem_t* semaphore);
int sem_timedwait(sem_t* semaphore, const struct timespec* until);
int sem_clockwait(sem_t* semaphore, clockid_t clock, const struct timespec* until);
int sem_post(sem_t* semaphore);
int sem_getvalue(sem_t* semaphore, int* value);

#ifdef __cplusplus
}
#endif

#endif
