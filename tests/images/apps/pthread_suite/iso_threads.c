// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// ISO C17 §7.26, <threads.h>. What it leaves undefined stands under IN_IMAGE.
#include "suite.h"

#include <limits.h>
#include <stdint.h>
#include <threads.h>

#ifdef __STDC_NO_THREADS__
#error there is <threads.h>
#endif

static thrd_t begin(thrd_start_t function, void* argument) {
  thrd_t thread = 0;
  EXPECT_EQ(thrd_create(&thread, function, argument), thrd_success);
  return thread;
}

static int end(thrd_t thread) {
  int result = 12345;
  EXPECT_EQ(thrd_join(thread, &result), thrd_success);
  return result;
}

static struct timespec utc_after(long milliseconds) {
  struct timespec moment;
  EXPECT_EQ(timespec_get(&moment, TIME_UTC), TIME_UTC);
  moment.tv_nsec += milliseconds * 1000000;
  moment.tv_sec += moment.tv_nsec / 1000000000;
  moment.tv_nsec %= 1000000000;
  return moment;
}

static const struct timespec no_time = {0, -1};

static int give_back(void* argument) { return *(int*)argument; }

static int exit_with(void* argument) {
  if (argument != NULL) thrd_exit(*(int*)argument);
  return 0;
}

static void results(void) {
  const int values[] = {0, 1, -1, 77, INT_MAX, INT_MIN};
  for (size_t i = 0; i < sizeof values / sizeof *values; ++i) {
    int value = values[i];
    EXPECT_EQ(end(begin(give_back, &value)), value);
    EXPECT_EQ(end(begin(exit_with, &value)), value);
  }
  int value = 5;
  EXPECT_EQ(thrd_join(begin(give_back, &value), NULL), thrd_success);
}

static int look_at_oneself(void* argument) {
  return thrd_equal(*(thrd_t*)argument, thrd_current()) != 0;
}

// §7.26.5.1: thrd_create() has done its work before the thread begins.
static void identities(void) {
  for (int i = 0; i < 50; ++i) {
    static thrd_t thread;
    EXPECT_EQ(thrd_create(&thread, look_at_oneself, &thread), thrd_success);
    EXPECT(!thrd_equal(thread, thrd_current()));
    EXPECT_EQ(end(thread), 1);
  }
  EXPECT(thrd_equal(thrd_current(), thrd_current()));
}

static int wait_for(void* argument) {
  while (get(argument) == 0) thrd_yield();
  put(argument, 2);
  return 0;
}

static void detached(void) {
  static int go;
  go = 0;
  const thrd_t thread = begin(wait_for, &go);
  EXPECT_EQ(thrd_detach(thread), thrd_success);
  EXPECT_EQ(thrd_join(thread, NULL), thrd_error);
  EXPECT_EQ(thrd_detach(thread), thrd_error);
  EXPECT_EQ(thrd_join(thrd_current(), NULL), thrd_error);
  put(&go, 1);
  await(&go, 2);
  settle();
#if IN_IMAGE
  EXPECT_EQ(thrd_join(thread, NULL), thrd_error);
  EXPECT_EQ(thrd_join(0, NULL), thrd_error);
  EXPECT_EQ(thrd_detach(thread), thrd_error);
#endif
}

static thread_local int own = 7;

static int change_own(void* argument) {
  EXPECT_EQ(own, 7);
  own = *(int*)argument;
  thrd_yield();
  return own;
}

static void variables(void) {
  int values[] = {1, 2};
  const thrd_t first = begin(change_own, &values[0]), second = begin(change_own, &values[1]);
  EXPECT_EQ(end(first), 1);
  EXPECT_EQ(end(second), 2);
  EXPECT_EQ(own, 7);
}

static void sleeping(void) {
  const struct timespec begun = after(CLOCK_MONOTONIC, 0), duration = {0, 3000000};
  struct timespec remaining = {9, 9};
  EXPECT_EQ(thrd_sleep(&duration, &remaining), 0);
  const struct timespec now = after(CLOCK_MONOTONIC, 0);
  EXPECT((now.tv_sec - begun.tv_sec) * 1000000000LL + now.tv_nsec - begun.tv_nsec >= 3000000);
  EXPECT(remaining.tv_sec == 9 && remaining.tv_nsec == 9);
  EXPECT_EQ(thrd_sleep(&duration, NULL), 0);
  EXPECT(thrd_sleep(&no_time, NULL) < -1);
  const struct timespec negative = {-1, 0};
  EXPECT(thrd_sleep(&negative, NULL) < -1);
}

static int counter;

struct guarded {
  mtx_t mutex;
  cnd_t condition;
  int waiting, open;
};

static int add(void* argument) {
  struct guarded* const guarded = argument;
  for (int i = 0; i < 500; ++i) {
    EXPECT_EQ(mtx_lock(&guarded->mutex), thrd_success);
    const int before = counter;
    if (i % 50 == 0) thrd_yield();
    counter = before + 1;
    EXPECT_EQ(mtx_unlock(&guarded->mutex), thrd_success);
  }
  return 0;
}

static int try_in_vain(void* argument) {
  mtx_t* const mutex = argument;
  EXPECT_EQ(mtx_trylock(mutex), thrd_busy);
  struct timespec until = utc_after(5);
  EXPECT_EQ(mtx_timedlock(mutex, &until), thrd_timedout);
  const struct timespec now = utc_after(0);
  EXPECT(now.tv_sec > until.tv_sec || (now.tv_sec == until.tv_sec && now.tv_nsec >= until.tv_nsec));
  until = (struct timespec){0, 0};
  EXPECT_EQ(mtx_timedlock(mutex, &until), thrd_timedout);
  EXPECT_EQ(mtx_timedlock(mutex, &no_time), thrd_error);
#if IN_IMAGE
  EXPECT_EQ(mtx_unlock(mutex), thrd_error);
#endif
  return 1;
}

static void mutexes(void) {
  const int types[] = {mtx_plain, mtx_timed, mtx_plain | mtx_recursive, mtx_timed | mtx_recursive};
  for (size_t i = 0; i < sizeof types / sizeof *types; ++i) {
    struct guarded guarded;
    memset(&guarded, 0xa5, sizeof guarded);
    EXPECT_EQ(mtx_init(&guarded.mutex, types[i]), thrd_success);
    counter = 0;
    thrd_t threads[4];
    for (int k = 0; k < 4; ++k) threads[k] = begin(add, &guarded);
    for (int k = 0; k < 4; ++k) end(threads[k]);
    EXPECT_EQ(counter, 4 * 500);

    EXPECT_EQ(mtx_lock(&guarded.mutex), thrd_success);
    EXPECT_EQ(end(begin(try_in_vain, &guarded.mutex)), 1);
    const int again = (types[i] & mtx_recursive) != 0 ? thrd_success : thrd_busy;
    EXPECT_EQ(mtx_trylock(&guarded.mutex), again);
    if (again == thrd_success) {
      const struct timespec until = utc_after(0);
      EXPECT_EQ(mtx_lock(&guarded.mutex), thrd_success);
      EXPECT_EQ(mtx_timedlock(&guarded.mutex, &until), thrd_success);
      for (int k = 0; k < 3; ++k) EXPECT_EQ(mtx_unlock(&guarded.mutex), thrd_success);
      EXPECT_EQ(end(begin(try_in_vain, &guarded.mutex)), 1);
    }
    EXPECT_EQ(mtx_unlock(&guarded.mutex), thrd_success);
    // The time does not matter where there is nothing to wait for.
    const struct timespec past = {0, 0};
    EXPECT_EQ(mtx_timedlock(&guarded.mutex, &past), thrd_success);
    EXPECT_EQ(mtx_unlock(&guarded.mutex), thrd_success);
    mtx_destroy(&guarded.mutex);
  }
}

static void misused_mutexes(void) {
#if IN_IMAGE
  mtx_t mutex;
  EXPECT_EQ(mtx_init(&mutex, 12), thrd_error);
  EXPECT_EQ(mtx_init(&mutex, -1), thrd_error);
  EXPECT_EQ(mtx_init(&mutex, mtx_plain), thrd_success);
  EXPECT_EQ(mtx_unlock(&mutex), thrd_error);
  EXPECT_EQ(mtx_lock(&mutex), thrd_success);
  const struct timespec until = utc_after(10000);
  EXPECT_EQ(mtx_lock(&mutex), thrd_error);
  EXPECT_EQ(mtx_timedlock(&mutex, &until), thrd_error);
  mtx_destroy(&mutex);  // in use: nothing happens
  EXPECT_EQ(mtx_unlock(&mutex), thrd_success);
  mtx_destroy(&mutex);
  EXPECT_EQ(mtx_lock(&mutex), thrd_error);
  EXPECT_EQ(mtx_trylock(&mutex), thrd_error);
  EXPECT_EQ(mtx_unlock(&mutex), thrd_error);
#endif
}

static int pass(void* argument) {
  struct guarded* const guarded = argument;
  EXPECT_EQ(mtx_lock(&guarded->mutex), thrd_success);
  ++guarded->waiting;
  while (!guarded->open) EXPECT_EQ(cnd_wait(&guarded->condition, &guarded->mutex), thrd_success);
  if (guarded->open > 0) --guarded->open;
  EXPECT_EQ(mtx_unlock(&guarded->mutex), thrd_success);
  return 0;
}

// How many wait in the end.
static int open_for(struct guarded* guarded, int count) {
  for (int waiting = 0; waiting < 4; thrd_yield()) {
    mtx_lock(&guarded->mutex);
    waiting = guarded->waiting;
    if (waiting == 4) guarded->open = count;
    mtx_unlock(&guarded->mutex);
  }
  EXPECT_EQ(count < 0 ? cnd_broadcast(&guarded->condition) : cnd_signal(&guarded->condition),
            thrd_success);
  settle();
  mtx_lock(&guarded->mutex);
  const int open = guarded->open;
  mtx_unlock(&guarded->mutex);
  return open;
}

static void conditions(void) {
  struct guarded guarded = {.waiting = 0, .open = 0};
  memset(&guarded.condition, 0xa5, sizeof guarded.condition);
  EXPECT_EQ(mtx_init(&guarded.mutex, mtx_plain), thrd_success);
  EXPECT_EQ(cnd_init(&guarded.condition), thrd_success);
  EXPECT_EQ(cnd_signal(&guarded.condition), thrd_success);
  EXPECT_EQ(cnd_broadcast(&guarded.condition), thrd_success);
  thrd_t threads[4];
  for (int i = 0; i < 4; ++i) threads[i] = begin(pass, &guarded);
  EXPECT_EQ(open_for(&guarded, 1), 0);
  EXPECT_EQ(open_for(&guarded, -1), -1);
  for (int i = 0; i < 4; ++i) end(threads[i]);
  cnd_destroy(&guarded.condition);
  mtx_destroy(&guarded.mutex);
}

static void timeouts_of_conditions(void) {
  struct guarded guarded;
  EXPECT_EQ(mtx_init(&guarded.mutex, mtx_plain | mtx_recursive), thrd_success);
  EXPECT_EQ(cnd_init(&guarded.condition), thrd_success);
  EXPECT_EQ(mtx_lock(&guarded.mutex), thrd_success);
  const struct timespec until = utc_after(5);
  int status = thrd_success;
  while (status == thrd_success) status = cnd_timedwait(&guarded.condition, &guarded.mutex, &until);
  EXPECT_EQ(status, thrd_timedout);
  const struct timespec now = utc_after(0);
  EXPECT(now.tv_sec > until.tv_sec || (now.tv_sec == until.tv_sec && now.tv_nsec >= until.tv_nsec));
  EXPECT_EQ(cnd_timedwait(&guarded.condition, &guarded.mutex, &no_time), thrd_error);
  EXPECT_EQ(end(begin(try_in_vain, &guarded.mutex)), 1);  // still locked
  EXPECT_EQ(mtx_unlock(&guarded.mutex), thrd_success);
#if IN_IMAGE
  EXPECT_EQ(cnd_wait(&guarded.condition, &guarded.mutex), thrd_error);
  EXPECT_EQ(cnd_timedwait(&guarded.condition, &guarded.mutex, &until), thrd_error);
  cnd_destroy(&guarded.condition);
  EXPECT_EQ(cnd_signal(&guarded.condition), thrd_error);
  EXPECT_EQ(cnd_broadcast(&guarded.condition), thrd_error);
  mtx_lock(&guarded.mutex);
  EXPECT_EQ(cnd_wait(&guarded.condition, &guarded.mutex), thrd_error);
  mtx_unlock(&guarded.mutex);
#else
  cnd_destroy(&guarded.condition);
#endif
  mtx_destroy(&guarded.mutex);
}

static tss_t key;
static int destroyed, rounds;

static void add_destroyed(void* value) {
  EXPECT(tss_get(key) == NULL);
  destroyed += *(int*)value;
}

static void set_again(void* value) {
  ++rounds;
  EXPECT_EQ(tss_set(key, value), thrd_success);
}

static int set_value(void* argument) {
  EXPECT(tss_get(key) == NULL);
  EXPECT_EQ(tss_set(key, argument), thrd_success);
  EXPECT(tss_get(key) == argument);
  if (*(int*)argument % 2 == 0) thrd_exit(0);
  return 0;
}

static void storage(void) {
  int values[] = {1, 2, 3, 4};
  EXPECT_EQ(tss_create(&key, add_destroyed), thrd_success);
  EXPECT_EQ(tss_set(key, values), thrd_success);
  for (int i = 0; i < 4; ++i) end(begin(set_value, &values[i]));
  EXPECT_EQ(destroyed, 10);
  EXPECT(tss_get(key) == values);
  tss_delete(key);
  EXPECT_EQ(destroyed, 10);
  EXPECT_EQ(tss_set(key, values), thrd_error);
  EXPECT_EQ(tss_create(&key, set_again), thrd_success);
  EXPECT(tss_get(key) == NULL);
  end(begin(set_value, &values[0]));
  EXPECT_EQ(rounds, TSS_DTOR_ITERATIONS);
  tss_delete(key);
  EXPECT_EQ(tss_create(&key, NULL), thrd_success);
  end(begin(set_value, &values[1]));
  tss_delete(key);
  tss_delete(key);  // there is none of that number now: nothing happens
}

static void all_of_the_storage(void) {
  static tss_t keys[2048];
  int count = 0;
  while (count < 2048 && tss_create(&keys[count], NULL) == thrd_success) ++count;
  EXPECT(count >= 100 && count < 2048);
  EXPECT_EQ(tss_create(&keys[count], NULL), thrd_error);
  while (count > 0) tss_delete(keys[--count]);
}

static once_flag flag = ONCE_FLAG_INIT;
static int calls;

static void slow(void) {
  settle();
  ++calls;
}

static int call(void* argument) {
  call_once(&flag, slow);
  EXPECT_EQ(calls, 1);
  return argument == NULL;
}

static void once(void) {
  thrd_t threads[4];
  for (int i = 0; i < 4; ++i) threads[i] = begin(call, NULL);
  for (int i = 0; i < 4; ++i) EXPECT_EQ(end(threads[i]), 1);
  call_once(&flag, slow);
  EXPECT_EQ(calls, 1);
}

// As many as there is memory for; then an error, and all is well.
static void exhaustion(void) {
#if IN_IMAGE
  static thrd_t threads[4096];
  int go = 0, count = 0, status = thrd_success;
  while (count < 4096 && status == thrd_success) {
    status = thrd_create(&threads[count], wait_for, &go);
    if (status == thrd_success) ++count;
  }
  EXPECT_EQ(status, thrd_nomem);
  EXPECT(count > 20);
  put(&go, 1);
  while (count > 0) end(threads[--count]);
  EXPECT_EQ(end(begin(exit_with, NULL)), 0);
#endif
}

const struct test iso_thread_tests[] = {
    {"ISO C: results of threads", results},
    {"ISO C: identities", identities},
    {"ISO C: detached threads", detached},
    {"ISO C: variables of a thread", variables},
    {"ISO C: sleeping", sleeping},
    {"ISO C: mutexes", mutexes},
    {"ISO C: misused mutexes", misused_mutexes},
    {"ISO C: conditions", conditions},
    {"ISO C: timeouts of conditions", timeouts_of_conditions},
    {"ISO C: storage", storage},
    {"ISO C: all of the storage", all_of_the_storage},
    {"ISO C: once", once},
    {"ISO C: exhaustion", exhaustion},
    {NULL, NULL},
};
