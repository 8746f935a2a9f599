// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/posix/interruption.hpp>
#include <atoll/posix/read_write_lock.hpp>
#include <atoll/posix/thread.hpp>

namespace atl::posix {
namespace {

// Signal handlers run while it waits, and it waits on.
template <typename Wait>
Result<void> wait_on(Wait&& wait) {
  while (true) {
    const Result<void> waited = wait();
    if (waited.ok() || waited.error() != Errc::kInterrupted) return waited;
    run_handlers();
  }
}

Result<void> counted(const Result<void>& locked) {
  if (locked.ok()) count_read(1);
  return locked.error() == Errc::kOverflow ? fail(Errc::kTryAgain) : locked;
}

}  // namespace

Result<void> ReadWriteLock::try_lock_shared() {
  if (kind_ != 0) return fail(Errc::kInvalidArgument);
  return counted(core_.try_lock_shared(current_reads() > 0));
}

Result<void> ReadWriteLock::lock_shared(Deadline deadline) {
  if (kind_ != 0) return fail(Errc::kInvalidArgument);
  return counted(wait_on(
      [&] { return core_.lock_shared(deadline, handled_meanwhile(), current_reads() > 0); }));
}

Result<void> ReadWriteLock::try_lock() {
  if (kind_ != 0) return fail(Errc::kInvalidArgument);
  return core_.try_lock() ? Result<void>{} : fail(Errc::kBusy);
}

Result<void> ReadWriteLock::lock(Deadline deadline) {
  if (kind_ != 0) return fail(Errc::kInvalidArgument);
  return wait_on([&] { return core_.lock(deadline, handled_meanwhile()); });
}

Result<void> ReadWriteLock::unlock() {
  if (kind_ != 0) return fail(Errc::kInvalidArgument);
  const bool reads = !core_.owned_by_current();
  TRY(core_.unlock());
  if (reads) count_read(-1);
  return {};
}

Result<void> ReadWriteLock::destroy() {
  if (kind_ != 0) return fail(Errc::kInvalidArgument);
  if (!core_.is_out_of_use()) return fail(Errc::kBusy);
  kind_ = kDestroyed;
  return {};
}

}  // namespace atl::posix
