// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/posix/interruption.hpp>
#include <atoll/posix/thread.hpp>
#include <atoll/posix/timeout.hpp>

#include "scheduling.hpp"

// POSIX.1-2017, <pthread.h>: threads, their ends, cancellation, cleanup, keys.

using namespace atl::posix;
using namespace atl::posix::door;
using atl::Errc;
using atl::Result;
using atl::libc::Timespec;

namespace {

int give(const Result<void*>& joined, void** result) {
  if (joined.ok() && result != nullptr) *result = joined.value();
  return number(joined);
}

}  // namespace

extern "C" {

int pthread_create(ThreadId* thread, const Attributes* attributes, Start start, void* argument) {
  if (attributes == nullptr) return number(create({}, start, argument, *thread));
  atl::sched::Scheduling scheduling;
  const auto wanted = read_attributes(attributes, scheduling);
  return wanted.ok() ? number(create(wanted.value(), start, argument, *thread)) : number(wanted);
}

int pthread_join(ThreadId thread, void** result) { return give(join(thread), result); }
int pthread_tryjoin_np(ThreadId thread, void** result) { return give(try_join(thread), result); }
int pthread_clockjoin_np(ThreadId thread, void** result, int clock, const Timespec* until) {
  if (until == nullptr) return pthread_join(thread, result);
  const auto deadline = deadline_at(clock, *until);
  return deadline.ok() ? give(join(thread, deadline.value()), result) : number(deadline);
}
int pthread_timedjoin_np(ThreadId thread, void** result, const Timespec* until) {
  return pthread_clockjoin_np(thread, result, atl::libc::kRealtime, until);
}

int pthread_detach(ThreadId thread) { return number(detach(thread)); }
[[noreturn]] void pthread_exit(void* result) { atl::posix::exit(result); }
ThreadId pthread_self() { return self(); }
int pthread_equal(ThreadId left, ThreadId right) { return left == right ? 1 : 0; }

// There is no fork() that would call them.
int pthread_atfork(void (*)(), void (*)(), void (*)()) { return 0; }

int pthread_setname_np(ThreadId thread, const char* name) { return number(set_name(thread, name)); }
int pthread_getname_np(ThreadId thread, char* name, std::size_t size) {
  return number(copy_name(thread, name, size));
}

// A level is remembered, and means nothing (XSH pthread_getconcurrency()).
static int concurrency = 0;
int pthread_setconcurrency(int level) {
  if (level < 0) return kInvalid;
  __atomic_store_n(&concurrency, level, __ATOMIC_RELAXED);
  return 0;
}
int pthread_getconcurrency() { return __atomic_load_n(&concurrency, __ATOMIC_RELAXED); }

int pthread_cancel(ThreadId thread) { return number(cancel(thread)); }
int pthread_setcancelstate(int state, int* before) {
  if (!is_zero_or_one(state)) return kInvalid;
  const int old = set_cancellable(state == 0) ? 0 : 1;
  if (before != nullptr) *before = old;
  return 0;
}
int pthread_setcanceltype(int type, int* before) {
  if (!is_zero_or_one(type)) return kInvalid;
  const int old = set_asynchronous(type == 1) ? 1 : 0;
  if (before != nullptr) *before = old;
  return 0;
}
void pthread_testcancel() { cancellation_point(); }

// Behind the macros pthread_cleanup_push() and pthread_cleanup_pop().
void __pthread_cleanup_push(CleanupHandler* handler, void (*function)(void*), void* argument) {
  *handler = {function, argument, nullptr};
  push_cleanup(*handler);
}
void __pthread_cleanup_pop(CleanupHandler* handler, int execute) {
  pop_cleanup(*handler);
  if (execute != 0) handler->function(handler->argument);
}

int pthread_key_create(std::uint32_t* key, void (*destroy)(void*)) {
  const Result<std::uint32_t> created = create_key(destroy);
  if (created.ok()) *key = created.value();
  return number(created);
}
int pthread_key_delete(std::uint32_t key) { return number(delete_key(key)); }
int pthread_setspecific(std::uint32_t key, const void* data) {
  return number(set_value(key, data));
}
void* pthread_getspecific(std::uint32_t key) { return value(key); }

// Itanium C++ ABI, "DSO Object Destruction API": what a compiler calls for the first use
// of a thread_local object that has a destructor.
int __cxa_thread_atexit(void (*destroy)(void*), void* object, void*) {
  return at_thread_exit(destroy, object).ok() ? 0 : -1;
}
int __cxa_thread_atexit_impl(void (*destroy)(void*), void* object, void* image) {
  return __cxa_thread_atexit(destroy, object, image);
}

}  // extern "C"
