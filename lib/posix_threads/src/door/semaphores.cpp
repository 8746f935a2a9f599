// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/libc.hpp>
#include <atoll/posix/named_semaphore.hpp>
#include <atoll/posix/timeout.hpp>
#include <new>

#include "objects.hpp"

// POSIX.1-2017, <semaphore.h>; these set errno.

using namespace atl::posix;
using namespace atl::posix::door;
using atl::Errc;
using atl::Result;
using atl::libc::fail_with;
using atl::libc::give;
using atl::libc::Timespec;

namespace {

// Of the libc's <fcntl.h>.
constexpr int kCreate = 0x200;
constexpr int kExclusive = 0x800;

}  // namespace

extern "C" {

// What follows the flags is asked for where one is created: the mode, which means nothing as
// there are no users, and the value.
SemaphoreRoom* sem_open(const char* name, int flags, ...) {
  Opening how = Opening::kExisting;
  unsigned value = 0;
  if ((flags & kCreate) != 0) {
    how = (flags & kExclusive) != 0 ? Opening::kCreateNew : Opening::kCreate;
    __builtin_va_list rest;
    __builtin_va_start(rest, flags);
    static_cast<void>(__builtin_va_arg(rest, unsigned));
    value = __builtin_va_arg(rest, unsigned);
    __builtin_va_end(rest);
  }
  const auto opened = open_semaphore(name, how, value);
  if (opened.ok()) return reinterpret_cast<SemaphoreRoom*>(opened.value());
  fail_with(opened.error());
  return nullptr;  // SEM_FAILED
}
int sem_close(SemaphoreRoom* room) { return give(close_semaphore(in<Semaphore>(room))); }
int sem_unlink(const char* name) { return give(unlink_semaphore(name)); }

int sem_init(SemaphoreRoom* room, int, unsigned value) {
  if (value > Semaphore::kMost) return fail_with(Errc::kInvalidArgument);
  ::new (&in<Semaphore>(room)) Semaphore{value};
  return 0;
}
int sem_destroy(SemaphoreRoom* room) { return give(in<Semaphore>(room).destroy()); }
int sem_wait(SemaphoreRoom* room) { return give(in<Semaphore>(room).wait()); }
int sem_trywait(SemaphoreRoom* room) { return give(in<Semaphore>(room).try_wait()); }
int sem_post(SemaphoreRoom* room) { return give(in<Semaphore>(room).post()); }

int sem_clockwait(SemaphoreRoom* room, int clock, const Timespec* until) {
  auto& semaphore = in<Semaphore>(room);
  const Result<void> tried = semaphore.try_wait();
  if (tried.ok() || tried.error() != Errc::kTryAgain) return give(tried);
  const auto deadline = deadline_at(clock, *until);
  return deadline.ok() ? give(semaphore.wait(deadline.value())) : fail_with(deadline.error());
}
int sem_timedwait(SemaphoreRoom* room, const Timespec* until) {
  return sem_clockwait(room, atl::libc::kRealtime, until);
}

int sem_getvalue(SemaphoreRoom* room, int* value) {
  const auto known = in<Semaphore>(room).value();
  if (!known.ok()) return fail_with(known.error());
  *value = static_cast<int>(known.value());
  return 0;
}

}  // extern "C"
