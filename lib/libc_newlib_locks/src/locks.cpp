// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// newlib's sys/lock.h, "retargetable locking".

#include <atoll/alloc.hpp>
#include <atoll/sync.hpp>
#include <new>

extern "C" {

struct __lock {
  atl::Mutex mutex;
  unsigned depth = 0;  // of the owner; its own business
};

constinit __lock __lock___sfp_recursive_mutex;
constinit __lock __lock___atexit_recursive_mutex;
constinit __lock __lock___at_quick_exit_mutex;
constinit __lock __lock___malloc_recursive_mutex;
constinit __lock __lock___env_recursive_mutex;
constinit __lock __lock___tz_mutex;
constinit __lock __lock___dd_hash_mutex;
constinit __lock __lock___arc4random_mutex;

}  // extern "C"

namespace {

// For those that found no memory. Recursive like all, so that sharing it among
// nested locks is no deadlock.
constinit __lock shared;

__lock& at(__lock* lock) { return lock == nullptr ? shared : *lock; }

void create(__lock** lock) {
  void* memory = atl::default_allocator().allocate(sizeof(__lock), alignof(__lock));
  *lock = memory == nullptr ? nullptr : new (memory) __lock;
}

void destroy(__lock* lock) { atl::default_allocator().free(lock); }

void acquire(__lock& lock) {
  if (!lock.mutex.owned_by_current()) lock.mutex.lock();
  ++lock.depth;
}

bool try_acquire(__lock& lock) {
  if (!lock.mutex.owned_by_current() && !lock.mutex.try_lock()) return false;
  ++lock.depth;
  return true;
}

void release(__lock& lock) {
  if (--lock.depth == 0) lock.mutex.unlock();
}

}  // namespace

extern "C" {

void __retarget_lock_init(__lock** lock) { create(lock); }
void __retarget_lock_init_recursive(__lock** lock) { create(lock); }
void __retarget_lock_close(__lock* lock) { destroy(lock); }
void __retarget_lock_close_recursive(__lock* lock) { destroy(lock); }
void __retarget_lock_acquire(__lock* lock) { acquire(at(lock)); }
void __retarget_lock_acquire_recursive(__lock* lock) { acquire(at(lock)); }
int __retarget_lock_try_acquire(__lock* lock) { return try_acquire(at(lock)) ? 1 : 0; }
int __retarget_lock_try_acquire_recursive(__lock* lock) { return try_acquire(at(lock)) ? 1 : 0; }
void __retarget_lock_release(__lock* lock) { release(at(lock)); }
void __retarget_lock_release_recursive(__lock* lock) { release(at(lock)); }

}  // extern "C"
