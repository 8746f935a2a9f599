// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// POSIX.1-2017 <pthread.h> as far as libstdc++ calls it for a program that starts no
// thread: pthread_once(3p), pthread_mutex_lock(3p), pthread_rwlock_rdlock(3p),
// pthread_cond_wait(3p) and their kin. pthread_create() is not here: a program that starts
// threads does not link without the library of threads.

#include <pthread.h>
#include <sched.h>
#include <unistd.h>
#include <atoll/panic.hpp>
#include <cerrno>
#include <cstring>

namespace {

/// What an object of <pthread.h> holds here, in its first bytes; all zero is new.
struct Lock {
  unsigned kind;   // PTHREAD_MUTEX_NORMAL, ...
  unsigned depth;  // how often it is held
  unsigned is_exclusive;
};

template <typename Object>
class View {
 public:
  explicit View(const Object* object) : object_(const_cast<Object*>(object)) {
    static_assert(sizeof(Lock) <= sizeof(Object));
    std::memcpy(&lock_, object, sizeof lock_);
  }
  Lock* operator->() { return &lock_; }
  void store() { std::memcpy(object_, &lock_, sizeof lock_); }

 private:
  Object* object_;
  Lock lock_;
};

[[noreturn]] void never(const char* what) { atl::panic(what); }

int acquire(pthread_mutex_t* mutex, bool may_wait) {
  View lock{mutex};
  if (lock->depth != 0 && lock->kind != PTHREAD_MUTEX_RECURSIVE) {
    if (!may_wait) return EBUSY;
    if (lock->kind == PTHREAD_MUTEX_ERRORCHECK) return EDEADLK;
    never("deadlock: the only thread waits for a mutex that it holds");
  }
  if (lock->depth + 1 == 0) return EAGAIN;
  ++lock->depth;
  lock.store();
  return 0;
}

int acquire(pthread_rwlock_t* rwlock, bool exclusive, bool may_wait) {
  View lock{rwlock};
  if (lock->depth != 0 && (exclusive || lock->is_exclusive != 0)) {
    return may_wait ? EDEADLK : EBUSY;
  }
  if (lock->depth + 1 == 0) return EAGAIN;
  ++lock->depth;
  lock->is_exclusive = exclusive ? 1 : 0;
  lock.store();
  return 0;
}

}  // namespace

extern "C" {

int pthread_once(pthread_once_t* once, void (*run)()) {
  unsigned is_done = 0;
  static_assert(sizeof is_done <= sizeof *once);
  std::memcpy(&is_done, once, sizeof is_done);
  if (is_done != 0) return 0;
  run();
  is_done = 1;
  std::memcpy(once, &is_done, sizeof is_done);
  return 0;
}

pthread_t pthread_self() {
  static char only;
  return (pthread_t)&only;  // a pointer or a number, as <pthread.h> has it
}
int pthread_equal(pthread_t left, pthread_t right) { return left == right ? 1 : 0; }
int sched_yield() { return 0; }

int pthread_mutexattr_init(pthread_mutexattr_t* attributes) {
  std::memset(attributes, 0, sizeof *attributes);
  return 0;
}
int pthread_mutexattr_settype(pthread_mutexattr_t* attributes, int type) {
  if (type < PTHREAD_MUTEX_NORMAL || type > PTHREAD_MUTEX_ERRORCHECK) return EINVAL;
  std::memcpy(attributes, &type, sizeof type);
  return 0;
}
int pthread_mutexattr_destroy(pthread_mutexattr_t*) { return 0; }

int pthread_mutex_init(pthread_mutex_t* mutex, const pthread_mutexattr_t* attributes) {
  std::memset(mutex, 0, sizeof *mutex);
  if (attributes != nullptr) std::memcpy(mutex, attributes, sizeof(int));
  return 0;
}
int pthread_mutex_destroy(pthread_mutex_t*) { return 0; }
int pthread_mutex_lock(pthread_mutex_t* mutex) { return acquire(mutex, true); }
int pthread_mutex_trylock(pthread_mutex_t* mutex) { return acquire(mutex, false); }
int pthread_mutex_timedlock(pthread_mutex_t* mutex, const timespec*) {
  const int error = acquire(mutex, false);
  return error == EBUSY ? ETIMEDOUT : error;
}
int pthread_mutex_clocklock(pthread_mutex_t* mutex, clockid_t, const timespec* until) {
  return pthread_mutex_timedlock(mutex, until);
}
int pthread_mutex_unlock(pthread_mutex_t* mutex) {
  View lock{mutex};
  if (lock->depth == 0) return EPERM;
  --lock->depth;
  lock.store();
  return 0;
}

int pthread_cond_init(pthread_cond_t* condition, const pthread_condattr_t*) {
  std::memset(condition, 0, sizeof *condition);
  return 0;
}
int pthread_cond_destroy(pthread_cond_t*) { return 0; }
int pthread_cond_signal(pthread_cond_t*) { return 0; }
int pthread_cond_broadcast(pthread_cond_t*) { return 0; }
int pthread_cond_wait(pthread_cond_t*, pthread_mutex_t*) {
  never("deadlock: the only thread waits for another one to wake it");
}
// Nobody else can signal: a wake-up without reason, which the standard allows, lets the
// caller look at the clock again.
int pthread_cond_timedwait(pthread_cond_t*, pthread_mutex_t*, const timespec*) { return 0; }
int pthread_cond_clockwait(pthread_cond_t*, pthread_mutex_t*, clockid_t, const timespec*) {
  return 0;
}

int pthread_rwlock_init(pthread_rwlock_t* rwlock, const pthread_rwlockattr_t*) {
  std::memset(rwlock, 0, sizeof *rwlock);
  return 0;
}
int pthread_rwlock_destroy(pthread_rwlock_t*) { return 0; }
int pthread_rwlock_rdlock(pthread_rwlock_t* lock) { return acquire(lock, false, true); }
int pthread_rwlock_tryrdlock(pthread_rwlock_t* lock) { return acquire(lock, false, false); }
int pthread_rwlock_wrlock(pthread_rwlock_t* lock) { return acquire(lock, true, true); }
int pthread_rwlock_trywrlock(pthread_rwlock_t* lock) { return acquire(lock, true, false); }
int pthread_rwlock_timedrdlock(pthread_rwlock_t* lock, const timespec*) {
  const int error = acquire(lock, false, false);
  return error == EBUSY ? ETIMEDOUT : error;
}
int pthread_rwlock_timedwrlock(pthread_rwlock_t* lock, const timespec*) {
  const int error = acquire(lock, true, false);
  return error == EBUSY ? ETIMEDOUT : error;
}
int pthread_rwlock_clockrdlock(pthread_rwlock_t* lock, clockid_t, const timespec* until) {
  return pthread_rwlock_timedrdlock(lock, until);
}
int pthread_rwlock_clockwrlock(pthread_rwlock_t* lock, clockid_t, const timespec* until) {
  return pthread_rwlock_timedwrlock(lock, until);
}
int pthread_rwlock_unlock(pthread_rwlock_t* rwlock) {
  View lock{rwlock};
  if (lock->depth == 0) return EPERM;
  --lock->depth;
  lock.store();
  return 0;
}

}  // extern "C"
