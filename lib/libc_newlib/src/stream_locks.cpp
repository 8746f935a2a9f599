// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// flockfile(3), ftrylockfile(3), funlockfile(3): newlib declares them only. A
// stream is locked by its owner any number of times.

#include "abi.h"

#include <cstddef>
#include <cstring>

extern "C" {

struct __lock;

// newlib's: makes the standard streams, with their locks, unless they are made;
// the calling thread remembers that in _tls_cleanup.
void __sinit(void* unused);
extern __thread void (*_tls_cleanup)(void* unused);

void __retarget_lock_acquire_recursive(__lock* lock);
int __retarget_lock_try_acquire_recursive(__lock* lock);
void __retarget_lock_release_recursive(__lock* lock);

}  // extern "C"

namespace {

__lock* lock_of(const void* stream) {
  if (_tls_cleanup == nullptr) __sinit(nullptr);
  __lock* lock = nullptr;
  std::memcpy(&lock, static_cast<const std::byte*>(stream) + kStreamLock, sizeof lock);
  return lock;
}

}  // namespace

extern "C" {

void flockfile(void* stream) { __retarget_lock_acquire_recursive(lock_of(stream)); }
int ftrylockfile(void* stream) {
  return __retarget_lock_try_acquire_recursive(lock_of(stream)) != 0 ? 0 : -1;
}
void funlockfile(void* stream) { __retarget_lock_release_recursive(lock_of(stream)); }

}  // extern "C"
