// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <pthread.h>
#include <stdbool.h>

// What a thread of the stress has.
struct worker {
  pthread_t thread;
  unsigned random;
  bool used;
};

unsigned any(struct worker* self, unsigned below);
void must(bool holds, const char* what);
bool enough(void);
void count_lock(void);
struct timespec soon(clockid_t clock, unsigned microseconds);

void prepare_locks(void);
void use_locks(struct worker* self);
void check_locks(void);

void prepare_waits(void);
void use_waits(struct worker* self);
void check_waits(void);
