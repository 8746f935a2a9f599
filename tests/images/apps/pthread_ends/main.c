// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

static pthread_t main_thread;

static void at_exit(void) { puts("at exit"); }

static void* be_the_last(void* argument) {
  for (int i = 0; i < 100; ++i) sched_yield();
  puts("the last one");
  return argument;
}

static int be_none(void* argument) { return argument == NULL; }

static void* join_main(void* argument) {
  void* result = argument;
  if (pthread_join(main_thread, &result) == 0)
    printf("main ended with %d\n", (int)(intptr_t)result);
  exit(5);
}

int __cxa_thread_atexit(void (*destroy)(void*), void* object, void* image);
static void say(void* text) { puts(text); }

static void* end_the_program(void* argument) {
  __cxa_thread_atexit(say, "object of this thread", argument);
  exit(9);
}

static int dig(int depth) {
  volatile char room[512];
  room[0] = (char)depth;
  return depth < 0 ? 0 : dig(depth + 1) + room[0];
}
static void* overflow(void* argument) {
  pthread_setname_np(pthread_self(), "digger");
  return argument == NULL && dig(1) == 0 ? NULL : argument;
}

static pthread_mutex_t locks[2] = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER};

static void* take_both(void* argument) {
  const int first = (int)(intptr_t)argument;
  pthread_setname_np(pthread_self(), first == 0 ? "left" : "right");
  pthread_mutex_lock(&locks[first]);
  usleep(20000);
  pthread_mutex_lock(&locks[1 - first]);
  return argument;
}

static void* deadlock(void* argument) {
  pthread_t thread;
  pthread_create(&thread, NULL, take_both, (void*)1);
  return take_both(argument);
}

// POSIX.1-2017, XSH pthread_mutexattr_getprotocol(): of three threads on one CPU the least
// important has what the most important waits for, and the third computes. Exits with 11, or
// with 12 where there is no inheritance.
static pthread_mutex_t shared;
static volatile int has_it, waits, got_it;

static void at_priority(pthread_attr_t* attributes, int priority) {
  pthread_attr_init(attributes);
  pthread_attr_setinheritsched(attributes, PTHREAD_EXPLICIT_SCHED);
  pthread_attr_setschedpolicy(attributes, SCHED_FIFO);
  pthread_attr_setschedparam(attributes, &(struct sched_param){.sched_priority = priority});
}
static void* own(void* argument) {
  pthread_mutex_lock(&shared);
  has_it = 1;
  while (!waits) usleep(1000);
  usleep(20000);
  pthread_mutex_unlock(&shared);
  return argument;
}
static void* want(void* argument) {
  waits = 1;
  pthread_mutex_lock(&shared);
  got_it = 1;
  pthread_mutex_unlock(&shared);
  return argument;
}
static void* compute(void* argument) {
  const time_t limit = time(NULL) + 20;
  while (!got_it && time(NULL) < limit) continue;
  exit(got_it ? 11 : 13);
  return argument;
}
static void* inherit(void* argument) {
  pthread_mutexattr_t kind;
  pthread_mutexattr_init(&kind);
  if (pthread_mutexattr_setprotocol(&kind, PTHREAD_PRIO_INHERIT) != 0) exit(12);
  pthread_mutex_init(&shared, &kind);
  pthread_t thread;
  pthread_attr_t attributes;
  at_priority(&attributes, 1);
  pthread_create(&thread, &attributes, own, NULL);
  while (!has_it) usleep(1000);
  at_priority(&attributes, 9);
  pthread_create(&thread, &attributes, want, NULL);
  at_priority(&attributes, 5);
  while (!waits) usleep(1000);
  pthread_create(&thread, &attributes, compute, NULL);
  sleep(30);
  return argument;
}

int main(int count, char** words) {
  static const struct {
    const char* name;
    void* (*run)(void*);
  } ends[] = {{"last", be_the_last},     {"create", be_the_last}, {"join-main", join_main},
              {"exit", end_the_program}, {"overflow", overflow},  {"deadlock", deadlock},
              {"inherit", inherit}};
  atexit(at_exit);
  main_thread = pthread_self();
  for (size_t i = 0; count > 1 && i < sizeof ends / sizeof *ends; ++i) {
    if (strcmp(ends[i].name, words[1]) != 0) continue;
    pthread_t thread;
    const int error = pthread_create(&thread, NULL, ends[i].run, NULL);
    if (error != 0) {
      thrd_t none;
      printf("pthread_create: %d\n", error);
      printf("thrd_create: %d\n", thrd_create(&none, be_none, NULL));
      return 0;
    }
    puts("main has ended");
    pthread_exit((void*)(intptr_t)7);
  }
  return count > 1 ? 2 : 0;
}
