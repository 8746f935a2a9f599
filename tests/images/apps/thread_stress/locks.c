// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <errno.h>
#include <sched.h>
#include <time.h>

#include "stress.h"

// Mutexes of each type and read-write locks: each guards two numbers that are equal
// whenever nobody has it.

enum { kMutexes = 8, kLocks = 2 };

static struct {
  pthread_mutex_t mutex;
  long first, second;
} mutexes[kMutexes];
static struct {
  pthread_rwlock_t lock;
  long first, second;
} locks[kLocks];
static long expected;  // of all numbers, together

static void add(long* first, long* second, struct worker* self) {
  must(*first == *second, "somebody else was inside a lock");
  ++*first;
  if (any(self, 64) == 0) sched_yield();
  ++*second;
  __atomic_add_fetch(&expected, 1, __ATOMIC_RELAXED);
  count_lock();
}

static bool take(unsigned which, struct worker* self) {
  pthread_mutex_t* const mutex = &mutexes[which].mutex;
  struct timespec until;
  int error = 0;
  switch (any(self, 4)) {
    case 0:
      error = pthread_mutex_trylock(mutex);
      must(error == 0 || error == EBUSY, "pthread_mutex_trylock");
      break;
    case 1:
      until = soon(CLOCK_REALTIME, 200);
      error = pthread_mutex_timedlock(mutex, &until);
      must(error == 0 || error == ETIMEDOUT, "pthread_mutex_timedlock");
      break;
    default:
      error = pthread_mutex_lock(mutex);
      must(error == 0, "pthread_mutex_lock");
  }
  return error == 0;
}

static void use_mutexes(struct worker* self) {
  const unsigned which = any(self, kMutexes);
  if (!take(which, self)) return;
  add(&mutexes[which].first, &mutexes[which].second, self);
  // A second one always of a higher number: nobody waits in a circle.
  const unsigned other = which + 1 + any(self, kMutexes);
  if (other < kMutexes && take(other, self)) {
    add(&mutexes[other].first, &mutexes[other].second, self);
    must(pthread_mutex_unlock(&mutexes[other].mutex) == 0, "pthread_mutex_unlock");
  }
  must(pthread_mutex_unlock(&mutexes[which].mutex) == 0, "pthread_mutex_unlock");
}

static void use_read_write_locks(struct worker* self) {
  const unsigned which = any(self, kLocks);
  if (any(self, 4) == 0) {
    must(pthread_rwlock_wrlock(&locks[which].lock) == 0, "pthread_rwlock_wrlock");
    add(&locks[which].first, &locks[which].second, self);
  } else {
    must(pthread_rwlock_rdlock(&locks[which].lock) == 0, "pthread_rwlock_rdlock");
    must(locks[which].first == locks[which].second, "somebody writes what is being read");
    count_lock();
  }
  must(pthread_rwlock_unlock(&locks[which].lock) == 0, "pthread_rwlock_unlock");
}

void use_locks(struct worker* self) {
  if (any(self, 5) == 0) {
    use_read_write_locks(self);
  } else {
    use_mutexes(self);
  }
}

void prepare_locks(void) {
  static const int types[] = {PTHREAD_MUTEX_NORMAL, PTHREAD_MUTEX_RECURSIVE,
                              PTHREAD_MUTEX_ERRORCHECK};
  for (int i = 0; i < kMutexes; ++i) {
    pthread_mutexattr_t kind;
    pthread_mutexattr_init(&kind);
    pthread_mutexattr_settype(&kind, types[i % 3]);
    if (i >= kMutexes / 2) pthread_mutexattr_setrobust(&kind, PTHREAD_MUTEX_ROBUST);
    // Where there is no such thing, without it.
    if (i % 2 == 0) pthread_mutexattr_setprotocol(&kind, PTHREAD_PRIO_INHERIT);
    pthread_mutex_init(&mutexes[i].mutex, &kind);
  }
  for (int i = 0; i < kLocks; ++i) pthread_rwlock_init(&locks[i].lock, NULL);
}

void check_locks(void) {
  long sum = 0;
  for (int i = 0; i < kMutexes; ++i) {
    must(mutexes[i].first == mutexes[i].second, "a mutex was left half-way");
    must(pthread_mutex_destroy(&mutexes[i].mutex) == 0, "a mutex is locked");
    sum += mutexes[i].first;
  }
  for (int i = 0; i < kLocks; ++i) {
    must(locks[i].first == locks[i].second, "a read-write lock was left half-way");
    must(pthread_rwlock_destroy(&locks[i].lock) == 0, "a read-write lock is locked");
    sum += locks[i].first;
  }
  must(sum == expected, "what was added under locks was lost");
}
