// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/posix/condition.hpp>
#include <atoll/posix/mutex.hpp>
#include <atoll/posix/timeout.hpp>
#include <new>

#include "scheduling.hpp"

// POSIX.1-2017, <pthread.h>: mutexes and condition variables.

using namespace atl::posix;
using namespace atl::posix::door;
using atl::Errc;
using atl::libc::Timespec;

namespace {

// PTHREAD_PRIO_NONE and its kin, of the libc's <pthread.h>.
constexpr int kNone = 0;
constexpr int kInherit = 1;
constexpr int kProtect = 2;

bool is_ceiling(int ceiling) { return ceiling >= kLowestPriority && ceiling <= kHighestPriority; }
std::uint8_t to_priority(int ceiling) {
  return static_cast<std::uint8_t>(atl::sched::ThreadOptions::kDefaultPriority + ceiling);
}
int to_ceiling(std::uint8_t priority) {
  return priority - atl::sched::ThreadOptions::kDefaultPriority;
}

}  // namespace

extern "C" {

int pthread_mutexattr_init(MutexAttributes* attributes) {
  *attributes = {.kind = kInitialised,
                 .type = 0,
                 .robust = 0,
                 .shared = 0,
                 .protocol = 0,
                 .ceiling = kLowestPriority};
  return 0;
}
int pthread_mutexattr_destroy(MutexAttributes* attributes) { return end(attributes); }
int pthread_mutexattr_settype(MutexAttributes* attributes, int type) {
  return set(attributes, &MutexAttributes::type, type,
             type >= Mutex::kNormal && type <= Mutex::kErrorCheck);
}
int pthread_mutexattr_gettype(const MutexAttributes* attributes, int* type) {
  return get(attributes, &MutexAttributes::type, type);
}
int pthread_mutexattr_setrobust(MutexAttributes* attributes, int robust) {
  return set(attributes, &MutexAttributes::robust, robust, is_zero_or_one(robust));
}
int pthread_mutexattr_getrobust(const MutexAttributes* attributes, int* robust) {
  return get(attributes, &MutexAttributes::robust, robust);
}
// The program is one process: private and shared are the same.
int pthread_mutexattr_setpshared(MutexAttributes* attributes, int shared) {
  return set(attributes, &MutexAttributes::shared, shared, is_zero_or_one(shared));
}
int pthread_mutexattr_getpshared(const MutexAttributes* attributes, int* shared) {
  return get(attributes, &MutexAttributes::shared, shared);
}
int pthread_mutexattr_setprotocol(MutexAttributes* attributes, int protocol) {
  if (protocol == kInherit && !atl::config::sched::kPriorityInheritance) {
    return number(Errc::kNotSupported);
  }
  return set(attributes, &MutexAttributes::protocol, protocol,
             protocol == kNone || protocol == kInherit || protocol == kProtect);
}
int pthread_mutexattr_setprioceiling(MutexAttributes* attributes, int ceiling) {
  return set(attributes, &MutexAttributes::ceiling, ceiling, is_ceiling(ceiling));
}
int pthread_mutexattr_getprioceiling(const MutexAttributes* attributes, int* ceiling) {
  return get(attributes, &MutexAttributes::ceiling, ceiling);
}
int pthread_mutexattr_getprotocol(const MutexAttributes* attributes, int* protocol) {
  return get(attributes, &MutexAttributes::protocol, protocol);
}

int pthread_mutex_init(MutexRoom* room, const MutexAttributes* attributes) {
  int kind = Mutex::kNormal;
  std::uint8_t ceiling = 0;
  if (attributes != nullptr) {
    if (attributes->kind != kInitialised) return kInvalid;
    kind = attributes->type | (attributes->robust == 1 ? Mutex::kRobust : 0) |
           (attributes->protocol == kInherit ? Mutex::kInherits : 0) |
           (attributes->protocol == kProtect ? Mutex::kProtects : 0);
    if (attributes->protocol == kProtect) ceiling = to_priority(attributes->ceiling);
  }
  ::new (&in<Mutex>(room)) Mutex{static_cast<std::uint16_t>(kind), ceiling};
  return 0;
}
int pthread_mutex_destroy(MutexRoom* room) { return number(in<Mutex>(room).destroy()); }
int pthread_mutex_lock(MutexRoom* room) { return number(in<Mutex>(room).lock()); }
int pthread_mutex_trylock(MutexRoom* room) { return number(in<Mutex>(room).try_lock()); }
int pthread_mutex_unlock(MutexRoom* room) { return number(in<Mutex>(room).unlock()); }
int pthread_mutex_consistent(MutexRoom* room) { return number(in<Mutex>(room).make_consistent()); }

int pthread_mutex_getprioceiling(const MutexRoom* room, int* ceiling) {
  const auto known = in<Mutex>(const_cast<MutexRoom*>(room)).ceiling();
  if (known.ok()) *ceiling = to_ceiling(known.value());
  return number(known);
}
int pthread_mutex_setprioceiling(MutexRoom* room, int ceiling, int* before) {
  if (!is_ceiling(ceiling)) return kInvalid;
  const auto changed = in<Mutex>(room).set_ceiling(to_priority(ceiling));
  if (changed.ok() && before != nullptr) *before = to_ceiling(changed.value());
  return number(changed);
}

// The time counts, and is looked at, only where the mutex is taken.
int pthread_mutex_clocklock(MutexRoom* room, int clock, const Timespec* until) {
  auto& mutex = in<Mutex>(room);
  const auto tried = mutex.try_lock();
  if (tried.ok() || tried.error() != Errc::kBusy) return number(tried);
  const auto deadline = deadline_at(clock, *until);
  return deadline.ok() ? number(mutex.lock(deadline.value())) : number(deadline);
}
int pthread_mutex_timedlock(MutexRoom* room, const Timespec* until) {
  return pthread_mutex_clocklock(room, atl::libc::kRealtime, until);
}

int pthread_condattr_init(ConditionAttributes* attributes) {
  *attributes = {.kind = kInitialised, .clock = atl::libc::kRealtime, .shared = 0};
  return 0;
}
int pthread_condattr_destroy(ConditionAttributes* attributes) { return end(attributes); }
int pthread_condattr_setclock(ConditionAttributes* attributes, int clock) {
  return set(attributes, &ConditionAttributes::clock, clock,
             clock == atl::libc::kRealtime || clock == atl::libc::kMonotonic);
}
int pthread_condattr_getclock(const ConditionAttributes* attributes, int* clock) {
  return get(attributes, &ConditionAttributes::clock, clock);
}
int pthread_condattr_setpshared(ConditionAttributes* attributes, int shared) {
  return set(attributes, &ConditionAttributes::shared, shared, is_zero_or_one(shared));
}
int pthread_condattr_getpshared(const ConditionAttributes* attributes, int* shared) {
  return get(attributes, &ConditionAttributes::shared, shared);
}

int pthread_cond_init(ConditionRoom* room, const ConditionAttributes* attributes) {
  if (attributes != nullptr && attributes->kind != kInitialised) return kInvalid;
  const int clock = attributes != nullptr ? attributes->clock : atl::libc::kRealtime;
  ::new (&in<Condition>(room)) Condition{clock};
  return 0;
}
int pthread_cond_destroy(ConditionRoom* room) { return number(in<Condition>(room).destroy()); }
int pthread_cond_signal(ConditionRoom* room) { return number(in<Condition>(room).signal()); }
int pthread_cond_broadcast(ConditionRoom* room) { return number(in<Condition>(room).broadcast()); }
int pthread_cond_wait(ConditionRoom* room, MutexRoom* mutex) {
  return number(in<Condition>(room).wait(in<Mutex>(mutex)));
}
int pthread_cond_clockwait(ConditionRoom* room, MutexRoom* mutex, int clock,
                           const Timespec* until) {
  const auto deadline = deadline_at(clock, *until);
  return deadline.ok() ? number(in<Condition>(room).wait(in<Mutex>(mutex), deadline.value()))
                       : number(deadline);
}
int pthread_cond_timedwait(ConditionRoom* room, MutexRoom* mutex, const Timespec* until) {
  return pthread_cond_clockwait(room, mutex, in<Condition>(room).clock(), until);
}

}  // extern "C"
