// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/libc.hpp>
#include <atoll/posix/semaphore.hpp>
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

extern "C" {

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
