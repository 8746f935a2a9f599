// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/assert.hpp>
#include <atoll/read_write_lock.hpp>
#include <limits>

namespace atl {

bool ReadWriteLock::may_read(bool again) const {
  return owner_.load(std::memory_order_relaxed) == nullptr && (writers_waiting_ == 0 || again);
}

Result<void> ReadWriteLock::add_reader() {
  if (readers_ == std::numeric_limits<std::uint32_t>::max()) return fail(Errc::kOverflow);
  ++readers_;
  return {};
}

Result<void> ReadWriteLock::try_lock_shared(bool again) {
  WaitQueue::Guard guard{writers_};
  if (!may_read(again)) return fail(Errc::kBusy);
  return add_reader();
}

Result<void> ReadWriteLock::lock_shared(Deadline deadline, Interruptions by, bool again) {
  std::uint32_t admissions = 0;
  {
    WaitQueue::Guard guard{writers_};
    if (owned_by_current()) return fail(Errc::kDeadlock);
    if (may_read(again)) return add_reader();
    ++readers_waiting_;
    admissions = admissions_.load(std::memory_order_relaxed);
  }
  return wait_shared(admissions, deadline, by);
}

// Until the readers are admitted, this one counted among them already.
Result<void> ReadWriteLock::wait_shared(std::uint32_t admissions, Deadline deadline,
                                        Interruptions by) {
  Result<void> waited;
  {
    WaitQueue::Guard guard{readers_queue_};
    while (waited.ok() && admissions_.load(std::memory_order_relaxed) == admissions) {
      waited = readers_queue_.wait(guard, deadline, by);
    }
  }
  WaitQueue::Guard guard{writers_};
  if (admissions_.load(std::memory_order_relaxed) != admissions) return {};
  --readers_waiting_;
  return waited;
}

void ReadWriteLock::admit_readers() {
  if (readers_waiting_ == 0) return;
  readers_ += readers_waiting_;
  readers_waiting_ = 0;
  WaitQueue::Guard guard{readers_queue_};
  admissions_.fetch_add(1, std::memory_order_relaxed);
  readers_queue_.wake_all(guard);
}

bool ReadWriteLock::try_lock() {
  WaitQueue::Guard guard{writers_};
  if (owner_.load(std::memory_order_relaxed) != nullptr || readers_ > 0) return false;
  owner_.store(&sched::current(), std::memory_order_relaxed);
  return true;
}

Result<void> ReadWriteLock::lock(Deadline deadline, Interruptions by) {
  WaitQueue::Guard guard{writers_};
  if (owned_by_current()) return fail(Errc::kDeadlock);
  const auto is_taken = [this] {
    return owner_.load(std::memory_order_relaxed) != nullptr || readers_ > 0;
  };
  Result<void> waited;
  ++writers_waiting_;
  while (waited.ok() && is_taken()) waited = writers_.wait(guard, deadline, by);
  --writers_waiting_;
  if (!is_taken()) {
    owner_.store(&sched::current(), std::memory_order_relaxed);
    return {};
  }
  // Readers may have waited for this writer alone.
  if (writers_waiting_ == 0 && owner_.load(std::memory_order_relaxed) == nullptr) admit_readers();
  return waited;
}

Result<void> ReadWriteLock::unlock() {
  WaitQueue::Guard guard{writers_};
  if (owner_.load(std::memory_order_relaxed) != nullptr) {
    if (!owned_by_current()) return fail(Errc::kNotPermitted);
    owner_.store(nullptr, std::memory_order_relaxed);
    admit_readers();
  } else if (readers_ > 0) {
    --readers_;
  } else {
    return fail(Errc::kNotPermitted);
  }
  if (readers_ == 0) writers_.wake_one(guard);
  return {};
}

bool ReadWriteLock::is_out_of_use() {
  WaitQueue::Guard guard{writers_};
  return owner_.load(std::memory_order_relaxed) == nullptr && readers_ == 0 &&
         readers_waiting_ == 0 && writers_waiting_ == 0;
}

ReadWriteLock::State ReadWriteLock::acquire() {
  const Result<void> locked = lock(Deadline::never(), Interruptions::kNone);
  ATOLL_ASSERT(locked.ok());
  return {};
}

void ReadWriteLock::release(State) {
  const Result<void> unlocked = unlock();
  ATOLL_ASSERT(unlocked.ok());
}

ReadGuard::ReadGuard(ReadWriteLock& lock) : lock_(lock) {
  const Result<void> locked = lock.lock_shared(Deadline::never(), Interruptions::kNone);
  ATOLL_ASSERT(locked.ok());
}

ReadGuard::~ReadGuard() {
  const Result<void> unlocked = lock_.unlock();
  ATOLL_ASSERT(unlocked.ok());
}

}  // namespace atl
