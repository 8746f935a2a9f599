// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <errno.h>
#include <sched.h>
#include <semaphore.h>
#include <time.h>
#include <unistd.h>

#include "stress.h"

// What can be cancelled: waits for a condition, for a semaphore, sleep. Who is cancelled
// gives back what it has.

enum { kPermits = 5 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static long waiting;  // under mutex
static sem_t permits;
static long inside;  // atomic: threads with a permit

static void leave(void* argument) {
  (void)argument;
  must(--waiting >= 0, "more left than waited");
  pthread_mutex_unlock(&mutex);
}

static void wait_for_condition(struct worker* self) {
  const struct timespec until = soon(CLOCK_REALTIME, any(self, 2000));
  must(pthread_mutex_lock(&mutex) == 0, "pthread_mutex_lock");
  count_lock();
  ++waiting;
  pthread_cleanup_push(leave, NULL);
  const int error = pthread_cond_timedwait(&condition, &mutex, &until);
  must(error == 0 || error == ETIMEDOUT, "pthread_cond_timedwait");
  pthread_cleanup_pop(1);
}

static void give_back(void* argument) {
  (void)argument;
  __atomic_sub_fetch(&inside, 1, __ATOMIC_RELAXED);
  must(sem_post(&permits) == 0, "sem_post");
}

static void take_permit(struct worker* self) {
  const struct timespec until = soon(CLOCK_REALTIME, any(self, 2000));
  if (sem_timedwait(&permits, &until) != 0) {
    must(errno == ETIMEDOUT || errno == EINTR, "sem_timedwait");
    return;
  }
  pthread_cleanup_push(give_back, NULL);
  must(__atomic_add_fetch(&inside, 1, __ATOMIC_RELAXED) <= kPermits, "too many have a permit");
  count_lock();
  if (any(self, 8) == 0) usleep(any(self, 200));
  pthread_testcancel();
  pthread_cleanup_pop(1);
}

void use_waits(struct worker* self) {
  switch (any(self, 6)) {
    case 0:
      wait_for_condition(self);
      break;
    case 1:
      pthread_cond_signal(&condition);
      break;
    case 2:
      pthread_cond_broadcast(&condition);
      break;
    case 3:
      usleep(any(self, 500));
      break;
    default:
      take_permit(self);
  }
}

void prepare_waits(void) { sem_init(&permits, 0, kPermits); }

void check_waits(void) {
  int left = 0;
  sem_getvalue(&permits, &left);
  must(left == kPermits && inside == 0, "a permit was lost");
  must(waiting == 0, "somebody still waits");
  must(sem_destroy(&permits) == 0, "somebody waits for a permit");
  must(pthread_cond_destroy(&condition) == 0, "somebody waits for the condition");
  must(pthread_mutex_destroy(&mutex) == 0, "the condition's mutex is locked");
}
