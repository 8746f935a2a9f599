// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/posix/barrier.hpp>
#include <atoll/posix/read_write_lock.hpp>
#include <atoll/posix/spin_lock.hpp>
#include <atoll/posix/timeout.hpp>
#include <new>

#include "objects.hpp"

// POSIX.1-2017, <pthread.h>: read-write locks, barriers, spin locks.

using namespace atl::posix;
using namespace atl::posix::door;
using atl::Errc;
using atl::Result;
using atl::libc::Timespec;

namespace {

constexpr int kSerialThread = -1;  // PTHREAD_BARRIER_SERIAL_THREAD

int begin(SharedAttributes* attributes) {
  *attributes = {.kind = kInitialised, .shared = 0};
  return 0;
}

}  // namespace

extern "C" {

int pthread_rwlockattr_init(SharedAttributes* attributes) { return begin(attributes); }
int pthread_rwlockattr_destroy(SharedAttributes* attributes) { return end(attributes); }
int pthread_rwlockattr_setpshared(SharedAttributes* attributes, int shared) {
  return set(attributes, &SharedAttributes::shared, shared, is_zero_or_one(shared));
}
int pthread_rwlockattr_getpshared(const SharedAttributes* attributes, int* shared) {
  return get(attributes, &SharedAttributes::shared, shared);
}

int pthread_rwlock_init(ReadWriteLockRoom* room, const SharedAttributes* attributes) {
  if (attributes != nullptr && attributes->kind != kInitialised) return kInvalid;
  ::new (&in<ReadWriteLock>(room)) ReadWriteLock;
  return 0;
}
int pthread_rwlock_destroy(ReadWriteLockRoom* room) {
  return number(in<ReadWriteLock>(room).destroy());
}
int pthread_rwlock_rdlock(ReadWriteLockRoom* room) {
  return number(in<ReadWriteLock>(room).lock_shared());
}
int pthread_rwlock_tryrdlock(ReadWriteLockRoom* room) {
  return number(in<ReadWriteLock>(room).try_lock_shared());
}
int pthread_rwlock_clockrdlock(ReadWriteLockRoom* room, int clock, const Timespec* until) {
  auto& lock = in<ReadWriteLock>(room);
  const Result<void> tried = lock.try_lock_shared();
  if (tried.ok() || tried.error() != Errc::kBusy) return number(tried);
  const auto deadline = deadline_at(clock, *until);
  return deadline.ok() ? number(lock.lock_shared(deadline.value())) : number(deadline);
}
int pthread_rwlock_timedrdlock(ReadWriteLockRoom* room, const Timespec* until) {
  return pthread_rwlock_clockrdlock(room, atl::libc::kRealtime, until);
}
int pthread_rwlock_wrlock(ReadWriteLockRoom* room) {
  return number(in<ReadWriteLock>(room).lock());
}
int pthread_rwlock_trywrlock(ReadWriteLockRoom* room) {
  return number(in<ReadWriteLock>(room).try_lock());
}
int pthread_rwlock_clockwrlock(ReadWriteLockRoom* room, int clock, const Timespec* until) {
  auto& lock = in<ReadWriteLock>(room);
  const Result<void> tried = lock.try_lock();
  if (tried.ok() || tried.error() != Errc::kBusy) return number(tried);
  const auto deadline = deadline_at(clock, *until);
  return deadline.ok() ? number(lock.lock(deadline.value())) : number(deadline);
}
int pthread_rwlock_timedwrlock(ReadWriteLockRoom* room, const Timespec* until) {
  return pthread_rwlock_clockwrlock(room, atl::libc::kRealtime, until);
}
int pthread_rwlock_unlock(ReadWriteLockRoom* room) {
  return number(in<ReadWriteLock>(room).unlock());
}

int pthread_barrierattr_init(SharedAttributes* attributes) { return begin(attributes); }
int pthread_barrierattr_destroy(SharedAttributes* attributes) { return end(attributes); }
int pthread_barrierattr_setpshared(SharedAttributes* attributes, int shared) {
  return set(attributes, &SharedAttributes::shared, shared, is_zero_or_one(shared));
}
int pthread_barrierattr_getpshared(const SharedAttributes* attributes, int* shared) {
  return get(attributes, &SharedAttributes::shared, shared);
}

int pthread_barrier_init(BarrierRoom* room, const SharedAttributes* attributes, unsigned threads) {
  if (threads == 0) return kInvalid;
  if (attributes != nullptr && attributes->kind != kInitialised) return kInvalid;
  ::new (&in<Barrier>(room)) Barrier{threads};
  return 0;
}
int pthread_barrier_destroy(BarrierRoom* room) { return number(in<Barrier>(room).destroy()); }
int pthread_barrier_wait(BarrierRoom* room) {
  const Result<bool> waited = in<Barrier>(room).wait();
  if (!waited.ok()) return number(waited);
  return waited.value() ? kSerialThread : 0;
}

int pthread_spin_init(SpinLock* lock, int) {
  ::new (lock) SpinLock;
  return 0;
}
int pthread_spin_destroy(SpinLock* lock) { return number(lock->destroy()); }
int pthread_spin_lock(SpinLock* lock) { return number(lock->lock()); }
int pthread_spin_trylock(SpinLock* lock) { return number(lock->try_lock()); }
int pthread_spin_unlock(SpinLock* lock) { return number(lock->unlock()); }

}  // extern "C"
