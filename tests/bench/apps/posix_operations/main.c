// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static void* nothing(void* argument) { return argument; }

// A thread that does nothing, from its creation to its join.
static int create_and_join(unsigned times) {
  for (; times > 0; --times) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, nothing, NULL) != 0) return 1;
    if (pthread_join(thread, NULL) != 0) return 1;
  }
  return 0;
}

// A mutex that nobody else wants.
static int lock_and_unlock(unsigned times) {
  static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  for (; times > 0; --times) {
    pthread_mutex_lock(&mutex);
    pthread_mutex_unlock(&mutex);
  }
  return 0;
}

int main(int count, char** words) {
  if (count != 3) return 2;
  const unsigned times = (unsigned)strtoul(words[2], NULL, 10);
  if (strcmp(words[1], "pthread_create") == 0) return create_and_join(times);
  if (strcmp(words[1], "pthread_mutex") == 0) return lock_and_unlock(times);
  return 2;
}
