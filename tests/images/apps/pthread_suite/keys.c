// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

#include "suite.h"

#include <limits.h>
#include <stdint.h>

static pthread_key_t key, second;
static int destroyed;

static void count_destroyed(void* value) {
  EXPECT(pthread_getspecific(key) == NULL);
  destroyed += (int)(intptr_t)value;
}

static void* use_key(void* argument) {
  EXPECT(pthread_getspecific(key) == NULL);
  EXPECT_EQ(pthread_setspecific(key, argument), 0);
  EXPECT(pthread_getspecific(key) == argument);
  return NULL;
}

static void values_of_a_thread(void) {
  EXPECT_EQ(pthread_key_create(&key, count_destroyed), 0);
  EXPECT_EQ(pthread_setspecific(key, &key), 0);
  for (intptr_t i = 1; i <= 4; ++i) finish(start(use_key, (void*)i));
  EXPECT_EQ(destroyed, 10);
  EXPECT(pthread_getspecific(key) == &key);
  EXPECT_EQ(pthread_key_delete(key), 0);
  EXPECT_EQ(destroyed, 10);
  EXPECT_EQ(pthread_key_delete(key), EINVAL);
  EXPECT_EQ(pthread_setspecific(key, &key), EINVAL);
  EXPECT_EQ(pthread_setspecific(100000, &key), EINVAL);
  // The next key of that number has no value yet.
  EXPECT_EQ(pthread_key_create(&key, NULL), 0);
  EXPECT(pthread_getspecific(key) == NULL);
  EXPECT_EQ(pthread_key_delete(key), 0);
}

static int rounds;

static void set_again(void* value) {
  ++rounds;
  pthread_setspecific(key, value);
}

static void* set_it(void* argument) {
  pthread_setspecific(key, argument);
  return NULL;
}

// POSIX.1-2017, XSH pthread_key_create(): PTHREAD_DESTRUCTOR_ITERATIONS.
static void destructors_that_set_again(void) {
  EXPECT_EQ(pthread_key_create(&key, set_again), 0);
  finish(start(set_it, &rounds));
  EXPECT_EQ(rounds, PTHREAD_DESTRUCTOR_ITERATIONS);
  EXPECT_EQ(pthread_key_delete(key), 0);
}

static void all_keys(void) {
  static pthread_key_t keys[PTHREAD_KEYS_MAX + 1];
  int count = 0;
  while (count <= PTHREAD_KEYS_MAX && pthread_key_create(&keys[count], NULL) == 0) ++count;
  EXPECT(count >= 100);
  EXPECT(count <= PTHREAD_KEYS_MAX);
  EXPECT_EQ(pthread_key_create(&keys[count], NULL), EAGAIN);
  while (count > 0) EXPECT_EQ(pthread_key_delete(keys[--count]), 0);
}

static char order[32];

static void note(void* value) {
  const size_t length = strlen(order);
  order[length] = *(const char*)value;
  order[length + 1] = 0;
}

static void* end_with_everything(void* argument) {
  pthread_setspecific(second, "k");
  pthread_cleanup_push(note, "1");
  pthread_cleanup_push(note, "2");
  pthread_exit(argument);
  pthread_cleanup_pop(0);
  pthread_cleanup_pop(0);
}

// Handlers, newest first, then destructors.
static void order_of_the_end(void) {
  EXPECT_EQ(pthread_key_create(&second, note), 0);
  EXPECT(finish(start(end_with_everything, &order)) == &order);
  EXPECT_EQ(strcmp(order, "21k"), 0);
  EXPECT_EQ(pthread_key_delete(second), 0);
}

static void* pop_both(void* argument) {
  pthread_cleanup_push(note, "a");
  pthread_cleanup_push(note, "b");
  pthread_cleanup_pop(1);
  pthread_cleanup_pop(0);
  return argument;
}

static void popped_handlers(void) {
  order[0] = 0;
  finish(start(pop_both, NULL));
  EXPECT_EQ(strcmp(order, "b"), 0);
}

// What a compiler calls for a thread_local object of C++.
int __cxa_thread_atexit_impl(void (*destroy)(void*), void* object, void* image);
extern void* __dso_handle;

static void* make_objects(void* argument) {
  EXPECT_EQ(__cxa_thread_atexit_impl(note, "x", &__dso_handle), 0);
  EXPECT_EQ(__cxa_thread_atexit_impl(note, "y", &__dso_handle), 0);
  pthread_setspecific(second, "k");
  pthread_cleanup_push(note, "c");
  pthread_exit(argument);
  pthread_cleanup_pop(0);
}

static void thread_local_objects(void) {
  order[0] = 0;
  EXPECT_EQ(pthread_key_create(&second, note), 0);
  finish(start(make_objects, NULL));
  EXPECT_EQ(strcmp(order, "cyxk"), 0);
  EXPECT_EQ(pthread_key_delete(second), 0);
}

const struct test key_tests[] = {
    {"keys: values of a thread", values_of_a_thread},
    {"keys: destructors that set again", destructors_that_set_again},
    {"keys: all of them", all_keys},
    {"keys: order of the end", order_of_the_end},
    {"keys: popped handlers", popped_handlers},
    {"keys: thread-local objects", thread_local_objects},
    {NULL, NULL},
};
