// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/alloc.hpp>
#include <atoll/assert.hpp>
#include <atomic>
#include <new>

#include "program_thread.hpp"

// The libc's.
extern "C" int atexit(void (*function)());

// What a thread owes before it ends: POSIX.1-2017, XSH pthread_exit() and
// pthread_key_create(); thread-local objects in between, as on Linux.
namespace atl::posix {

struct ThreadLocalObject {
  void (*destroy)(void*);
  void* object;
  ThreadLocalObject* before;
};

namespace {

Result<void> remember_program_end() {
  static constinit std::atomic<bool> registered = false;
  if (registered.exchange(true, std::memory_order_relaxed)) return {};
  // Of the thread that ends the program, before what was registered earlier.
  if (atexit(run_own_objects) == 0) return {};
  registered.store(false, std::memory_order_relaxed);
  return fail(Errc::kNoMemory);
}

}  // namespace

void push_cleanup(CleanupHandler& handler) {
  ProgramThread* const self = ProgramThread::get();
  ATOLL_ASSERT(self != nullptr);
  handler.before = self->cleanup;
  self->cleanup = &handler;
}

void pop_cleanup(CleanupHandler& handler) {
  ProgramThread* const self = ProgramThread::find();
  const bool newest = self != nullptr && self->cleanup == &handler;
  ATOLL_ASSERT(newest);
  self->cleanup = handler.before;
}

Result<void> at_thread_exit(void (*destroy)(void*), void* object) {
  ProgramThread* const self = ProgramThread::get();
  void* const memory = self == nullptr ? nullptr
                                       : default_allocator().allocate(sizeof(ThreadLocalObject),
                                                                      alignof(ThreadLocalObject));
  if (memory == nullptr) return fail(Errc::kNoMemory);
  const Result<void> remembered = remember_program_end();
  if (!remembered.ok()) {
    default_allocator().free(memory);
    return remembered;
  }
  self->objects = ::new (memory) ThreadLocalObject{destroy, object, self->objects};
  return {};
}

void run_own_objects() {
  if (ProgramThread* const self = ProgramThread::find()) run_objects(*self);
}

void run_objects(ProgramThread& self) {
  while (ThreadLocalObject* const newest = self.objects) {
    const ThreadLocalObject call = *newest;
    self.objects = newest->before;
    default_allocator().free(newest);
    call.destroy(call.object);
  }
}

void run_destructors(ProgramThread& self) {
  self.cancellation.fetch_or(ProgramThread::kEnding, std::memory_order_acq_rel);
  static_cast<void>(sched::take_interruptions(Interruptions::kCancellation));
  while (CleanupHandler* const newest = self.cleanup) {
    self.cleanup = newest->before;
    newest->function(newest->argument);
  }
  run_objects(self);
  run_keys(self);
  run_objects(self);  // those that the keys' destructors made
  default_allocator().free(self.values);
  self.values = nullptr;
  while (Mutex* const held = self.held.pop_front()) held->abandon();
}

void hold(Mutex& mutex) {
  if (ProgramThread* const self = ProgramThread::get()) self->held.push_back(mutex);
}

void release(Mutex& mutex) {
  ProgramThread* const self = ProgramThread::find();
  if (mutex.held_hook.linked() && self != nullptr) self->held.remove(mutex);
}

std::uint32_t current_reads() {
  const ProgramThread* const self = ProgramThread::find();
  return self == nullptr ? 0 : self->reads;
}

void count_read(int change) {
  ProgramThread* const self = ProgramThread::find();
  if (self == nullptr || (change < 0 && self->reads == 0)) return;
  self->reads += static_cast<std::uint32_t>(change);
}

}  // namespace atl::posix
