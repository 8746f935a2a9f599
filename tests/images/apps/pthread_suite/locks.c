// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

#include "suite.h"

#include <sched.h>
#include <stdint.h>

static pthread_rwlock_t still = PTHREAD_RWLOCK_INITIALIZER;

static void* try_to_read(void* argument) {
  const int error = pthread_rwlock_tryrdlock(argument);
  if (error == 0) pthread_rwlock_unlock(argument);
  return (void*)(intptr_t)error;
}
static void* try_to_write(void* argument) {
  const int error = pthread_rwlock_trywrlock(argument);
  if (error == 0) pthread_rwlock_unlock(argument);
  return (void*)(intptr_t)error;
}

static void readers_and_writers(void) {
  EXPECT_EQ(pthread_rwlock_rdlock(&still), 0);
  EXPECT_EQ(pthread_rwlock_rdlock(&still), 0);
  EXPECT_EQ((intptr_t)finish(start(try_to_read, &still)), 0);
  EXPECT_EQ((intptr_t)finish(start(try_to_write, &still)), EBUSY);
  EXPECT_EQ(pthread_rwlock_unlock(&still), 0);
  EXPECT_EQ((intptr_t)finish(start(try_to_write, &still)), EBUSY);
  EXPECT_EQ(pthread_rwlock_unlock(&still), 0);
  EXPECT_EQ(pthread_rwlock_wrlock(&still), 0);
  EXPECT_EQ((intptr_t)finish(start(try_to_read, &still)), EBUSY);
  EXPECT_EQ((intptr_t)finish(start(try_to_write, &still)), EBUSY);
  EXPECT_EQ(pthread_rwlock_rdlock(&still), EDEADLK);
  EXPECT_EQ(pthread_rwlock_wrlock(&still), EDEADLK);
  EXPECT_EQ(pthread_rwlock_unlock(&still), 0);
}

static void rwlock_timeouts(void) {
  pthread_rwlock_t lock;
  pthread_rwlockattr_t attributes;
  int shared = -1;
  EXPECT_EQ(pthread_rwlockattr_init(&attributes), 0);
  EXPECT_EQ(pthread_rwlockattr_setpshared(&attributes, 5), EINVAL);
  EXPECT_EQ(pthread_rwlockattr_getpshared(&attributes, &shared), 0);
  EXPECT_EQ(shared, PTHREAD_PROCESS_PRIVATE);
  EXPECT_EQ(pthread_rwlock_init(&lock, &attributes), 0);
  EXPECT_EQ(pthread_rwlockattr_destroy(&attributes), 0);
  struct timespec until = after(CLOCK_REALTIME, 5);
  EXPECT_EQ(pthread_rwlock_timedrdlock(&lock, &until), 0);
  EXPECT_EQ(pthread_rwlock_timedwrlock(&lock, &until), ETIMEDOUT);
  until.tv_nsec = -1;
  EXPECT_EQ(pthread_rwlock_timedwrlock(&lock, &until), EINVAL);
  until = after(CLOCK_MONOTONIC, 5);
  EXPECT_EQ(pthread_rwlock_clockwrlock(&lock, CLOCK_MONOTONIC, &until), ETIMEDOUT);
  // A writer that has given up keeps no reader out.
  EXPECT_EQ((intptr_t)finish(start(try_to_read, &lock)), 0);
  EXPECT_EQ(pthread_rwlock_unlock(&lock), 0);
  EXPECT_EQ(pthread_rwlock_destroy(&lock), 0);
}

static void* write_in_vain(void* argument) {
  const struct timespec until = after(CLOCK_REALTIME, 30);
  return (void*)(intptr_t)pthread_rwlock_timedwrlock(argument, &until);
}
static void* read_once(void* argument) {
  EXPECT_EQ(pthread_rwlock_rdlock(argument), 0);
  EXPECT_EQ(pthread_rwlock_unlock(argument), 0);
  return NULL;
}

// A reader that waits for nobody but a writer that gives up.
static void a_writer_that_gives_up(void) {
  pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
  EXPECT_EQ(pthread_rwlock_rdlock(&lock), 0);
  const pthread_t writer = start(write_in_vain, &lock);
  sleep_ms(5);
  const pthread_t reader = start(read_once, &lock);
  finish(reader);
  EXPECT_EQ((intptr_t)finish(writer), ETIMEDOUT);
  EXPECT_EQ(pthread_rwlock_unlock(&lock), 0);
  EXPECT_EQ(pthread_rwlock_destroy(&lock), 0);
}

#if IN_IMAGE
static void* try_with_a_writer_waiting(void* argument) {
  const int error = pthread_rwlock_tryrdlock(argument);
  if (error == 0) pthread_rwlock_unlock(argument);
  return (void*)(intptr_t)error;
}
static void* write_once(void* argument) {
  EXPECT_EQ(pthread_rwlock_wrlock(argument), 0);
  EXPECT_EQ(pthread_rwlock_unlock(argument), 0);
  return NULL;
}
#endif

// It keeps others out, but not who reads already.
static void a_writer_that_waits(void) {
#if IN_IMAGE
  pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
  EXPECT_EQ(pthread_rwlock_rdlock(&lock), 0);
  const pthread_t writer = start(write_once, &lock);
  while ((intptr_t)finish(start(try_with_a_writer_waiting, &lock)) != EBUSY) sched_yield();
  EXPECT_EQ(pthread_rwlock_tryrdlock(&lock), 0);
  EXPECT_EQ(pthread_rwlock_unlock(&lock), 0);
  EXPECT_EQ((intptr_t)finish(start(try_with_a_writer_waiting, &lock)), EBUSY);
  EXPECT_EQ(pthread_rwlock_unlock(&lock), 0);
  finish(writer);
  EXPECT_EQ(pthread_rwlock_destroy(&lock), 0);
#endif
}

struct shared {
  pthread_rwlock_t lock;
  long first, second;
};

static void* read_pairs(void* argument) {
  struct shared* const shared = argument;
  for (int i = 0; i < 500; ++i) {
    EXPECT_EQ(pthread_rwlock_rdlock(&shared->lock), 0);
    const long seen = shared->first;
    if (i % 20 == 0) sched_yield();
    EXPECT_EQ(shared->second, seen);
    EXPECT_EQ(pthread_rwlock_unlock(&shared->lock), 0);
    if (i % 50 == 0) sched_yield();
  }
  return NULL;
}

static void* write_pairs(void* argument) {
  struct shared* const shared = argument;
  for (int i = 0; i < 500; ++i) {
    EXPECT_EQ(pthread_rwlock_wrlock(&shared->lock), 0);
    ++shared->first;
    if (i % 20 == 0) sched_yield();
    ++shared->second;
    EXPECT_EQ(pthread_rwlock_unlock(&shared->lock), 0);
    if (i % 50 == 0) sched_yield();
  }
  return NULL;
}

static void rwlocks_exclude(void) {
  struct shared shared = {PTHREAD_RWLOCK_INITIALIZER, 0, 0};
  pthread_t threads[8];
  for (int i = 0; i < 8; ++i) threads[i] = start(i % 4 == 0 ? write_pairs : read_pairs, &shared);
  for (int i = 0; i < 8; ++i) finish(threads[i]);
  EXPECT_EQ(shared.first, 1000);
  EXPECT_EQ(shared.second, 1000);
  EXPECT_EQ(pthread_rwlock_destroy(&shared.lock), 0);
}

static void rwlock_mistakes(void) {
#if IN_IMAGE
  pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
  EXPECT_EQ(pthread_rwlock_unlock(&lock), EPERM);
  EXPECT_EQ(pthread_rwlock_rdlock(&lock), 0);
  EXPECT_EQ(pthread_rwlock_destroy(&lock), EBUSY);
  EXPECT_EQ(pthread_rwlock_unlock(&lock), 0);
  EXPECT_EQ(pthread_rwlock_destroy(&lock), 0);
  EXPECT_EQ(pthread_rwlock_rdlock(&lock), EINVAL);
  EXPECT_EQ(pthread_rwlock_trywrlock(&lock), EINVAL);
#endif
}

static pthread_barrier_t barrier;
static int rounds_done;

static void* meet(void* argument) {
  int serial = 0;
  for (int round = 0; round < 50; ++round) {
    const int result = pthread_barrier_wait(&barrier);
    EXPECT(result == 0 || result == PTHREAD_BARRIER_SERIAL_THREAD);
    if (result == PTHREAD_BARRIER_SERIAL_THREAD) {
      ++serial;
      put(&rounds_done, round + 1);
    }
    pthread_barrier_wait(&barrier);
    EXPECT_EQ(get(&rounds_done), round + 1);
    pthread_barrier_wait(&barrier);
  }
  return (void*)(intptr_t)(serial + (argument != NULL));
}

static void barriers(void) {
  pthread_t threads[5];
  intptr_t serial = 0;
  EXPECT_EQ(pthread_barrier_init(&barrier, NULL, 0), EINVAL);
  EXPECT_EQ(pthread_barrier_init(&barrier, NULL, 1), 0);
  EXPECT_EQ(pthread_barrier_wait(&barrier), PTHREAD_BARRIER_SERIAL_THREAD);
  EXPECT_EQ(pthread_barrier_destroy(&barrier), 0);
  EXPECT_EQ(pthread_barrier_init(&barrier, NULL, 5), 0);
  for (int i = 0; i < 5; ++i) threads[i] = start(meet, NULL);
  for (int i = 0; i < 5; ++i) serial += (intptr_t)finish(threads[i]);
  EXPECT_EQ(serial, 50);
  EXPECT_EQ(pthread_barrier_destroy(&barrier), 0);
#if IN_IMAGE
  EXPECT_EQ(pthread_barrier_wait(&barrier), EINVAL);
  EXPECT_EQ(pthread_barrier_destroy(&barrier), EINVAL);
#endif
}

static void* meet_once(void* argument) {
  const int result = pthread_barrier_wait(argument);
  if (result == PTHREAD_BARRIER_SERIAL_THREAD) {
    EXPECT_EQ(pthread_barrier_destroy(argument), 0);
    memset(argument, 0xa5, sizeof(pthread_barrier_t));
  }
  return NULL;
}

// By the one that is told to, while the others are on their way out.
static void barrier_destroyed(void) {
  pthread_barrier_t once, untouched;
  pthread_t threads[6];
  memset(&untouched, 0xa5, sizeof untouched);
  for (int round = 0; round < 20; ++round) {
    EXPECT_EQ(pthread_barrier_init(&once, NULL, 6), 0);
    for (int i = 0; i < 6; ++i) threads[i] = start(meet_once, &once);
    for (int i = 0; i < 6; ++i) finish(threads[i]);
    EXPECT_EQ(memcmp(&once, &untouched, sizeof once), 0);
  }
}

static pthread_spinlock_t spin;
static long spun;

static void* spin_up(void* argument) {
  for (int i = 0; i < 500; ++i) {
    EXPECT_EQ(pthread_spin_lock(&spin), 0);
    const long before = spun;
    if (i % 100 == 0) sched_yield();
    spun = before + 1;
    EXPECT_EQ(pthread_spin_unlock(&spin), 0);
  }
  return argument;
}

static void spin_locks(void) {
  pthread_t threads[4];
  EXPECT_EQ(pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE), 0);
  for (int i = 0; i < 4; ++i) threads[i] = start(spin_up, NULL);
  for (int i = 0; i < 4; ++i) finish(threads[i]);
  EXPECT_EQ(spun, 2000);
  EXPECT_EQ(pthread_spin_trylock(&spin), 0);
  EXPECT_EQ(pthread_spin_trylock(&spin), EBUSY);
#if IN_IMAGE
  EXPECT_EQ(pthread_spin_lock(&spin), EDEADLK);
  EXPECT_EQ(pthread_spin_destroy(&spin), EBUSY);
#endif
  EXPECT_EQ(pthread_spin_unlock(&spin), 0);
#if IN_IMAGE
  EXPECT_EQ(pthread_spin_unlock(&spin), EPERM);
#endif
  EXPECT_EQ(pthread_spin_destroy(&spin), 0);
}

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int initialised;

static void initialise_slowly(void) {
  sleep_ms(10);
  put(&initialised, get(&initialised) + 1);
}
static void* initialise(void* argument) {
  EXPECT_EQ(pthread_once(&once, initialise_slowly), 0);
  EXPECT_EQ(get(&initialised), 1);
  return argument;
}

static void only_once(void) {
  pthread_t threads[6];
  for (int i = 0; i < 6; ++i) threads[i] = start(initialise, NULL);
  for (int i = 0; i < 6; ++i) finish(threads[i]);
}

static pthread_once_t broken_off = PTHREAD_ONCE_INIT;
static int attempts;

static void end_the_first_time(void) {
  if (++attempts == 1) pthread_exit(NULL);
}
static void* initialise_or_end(void* argument) {
  pthread_once(&broken_off, end_the_first_time);
  return argument;
}

static void once_broken_off(void) {
  finish(start(initialise_or_end, NULL));
  EXPECT_EQ(attempts, 1);
  initialise_or_end(NULL);
  initialise_or_end(NULL);
  EXPECT_EQ(attempts, 2);
}

const struct test lock_tests[] = {
    {"locks: readers and writers", readers_and_writers},
    {"locks: timeouts of read-write locks", rwlock_timeouts},
    {"locks: a writer that gives up", a_writer_that_gives_up},
    {"locks: a writer that waits", a_writer_that_waits},
    {"locks: read-write locks exclude", rwlocks_exclude},
    {"locks: mistakes with read-write locks", rwlock_mistakes},
    {"locks: barriers", barriers},
    {"locks: barrier destroyed", barrier_destroyed},
    {"locks: spin locks", spin_locks},
    {"locks: once", only_once},
    {"locks: once, broken off", once_broken_off},
    {NULL, NULL},
};
