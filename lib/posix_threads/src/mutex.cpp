// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/posix/interruption.hpp>
#include <atoll/posix/mutex.hpp>
#include <atoll/posix/thread.hpp>
#include <limits>

namespace atl::posix {

Result<void> Mutex::lock_slowly(Deadline deadline) {
  if (!is_valid()) return fail(Errc::kInvalidArgument);
  if (owned_by_current()) {
    return (kind_ & (kRecursive | kErrorCheck)) != 0 ? lock_again() : wait_in_vain(deadline);
  }
  return protects() ? wait_protected(deadline) : wait(deadline);
}

Result<void> Mutex::lock_again() {
  if ((kind_ & kRecursive) == 0) return fail(Errc::kDeadlock);
  if (depth_ == std::numeric_limits<std::uint32_t>::max() - 1) return fail(Errc::kTryAgain);
  ++depth_;
  return {};
}

Result<void> Mutex::try_lock() {
  if (take_normal()) return {};
  if (!is_valid()) return fail(Errc::kInvalidArgument);
  if (owned_by_current() && (kind_ & kRecursive) != 0) return lock_again();
  if (protects()) TRY(raise_to(__atomic_load_n(&ceiling_, __ATOMIC_RELAXED)));
  const Result<void> locked = core_.try_lock() ? taken() : fail(Errc::kBusy);
  if (protects()) keep_ceilings();
  return locked;
}

Result<void> Mutex::wait(Deadline deadline) {
  while (true) {
    const Result<void> waited = core_.lock(deadline, handled_meanwhile(), inherits());
    if (waited.ok()) return taken();
    if (waited.error() != Errc::kInterrupted) return waited;
    run_handlers();
  }
}

// At the ceiling from before it is locked, so that nobody of lower priority comes between. It
// may have changed when it is locked.
Result<void> Mutex::wait_protected(Deadline deadline) {
  TRY(raise_to(__atomic_load_n(&ceiling_, __ATOMIC_RELAXED)));
  const Result<void> locked = wait(deadline);
  keep_ceilings();
  return locked;
}

// For one that only the waiting thread could unlock.
Result<void> Mutex::wait_in_vain(Deadline deadline) {
  while (!sched::sleep_until(deadline, handled_meanwhile()).ok()) run_handlers();
  return fail(Errc::kTimedOut);
}

// The calling thread has become the owner.
Result<void> Mutex::taken() {
  if (!is_listed()) return {};
  if (state_ == State::kLost) {
    core_.unlock();
    return fail(kNotRecoverable);
  }
  hold(*this);
  if (state_ == State::kInconsistent) return fail(kOwnerDied);
  return {};
}

Result<void> Mutex::unlock_slowly() {
  if (!is_valid()) return fail(Errc::kInvalidArgument);
  if (!owned_by_current()) return fail(Errc::kNotPermitted);
  if (depth_ > 0) {
    --depth_;
    return {};
  }
  const bool raised = protects();
  free();
  if (raised) keep_ceilings();
  return {};
}

// The owner is none any more. Who has it next may destroy it.
void Mutex::free() {
  if (is_listed()) {
    release(*this);
    if (state_ == State::kInconsistent) state_ = State::kLost;
  }
  core_.unlock();
}

Result<std::uint8_t> Mutex::ceiling() const {
  if (!is_valid() || !protects()) return fail(Errc::kInvalidArgument);
  return __atomic_load_n(&ceiling_, __ATOMIC_RELAXED);
}

Result<std::uint8_t> Mutex::set_ceiling(std::uint8_t ceiling) {
  if (!is_valid() || !protects()) return fail(Errc::kInvalidArgument);
  if (owned_by_current()) return fail(Errc::kDeadlock);
  TRY(wait(Deadline::never()));
  const std::uint8_t before = ceiling_;
  __atomic_store_n(&ceiling_, ceiling, __ATOMIC_RELAXED);
  free();
  return before;
}

Result<void> Mutex::make_consistent() {
  if (!is_valid() || !is_robust() || !owned_by_current() || state_ != State::kInconsistent) {
    return fail(Errc::kInvalidArgument);
  }
  state_ = State::kSound;
  return {};
}

Result<void> Mutex::destroy() {
  if (!is_valid()) return fail(Errc::kInvalidArgument);
  if (!core_.is_out_of_use()) return fail(Errc::kBusy);
  kind_ = kDestroyed;
  return {};
}

std::uint32_t Mutex::release_for_wait() {
  const std::uint32_t depth = depth_;
  depth_ = 0;
  if (protects()) {
    free();
  } else {
    static_cast<void>(unlock());
  }
  return depth;
}

Result<void> Mutex::lock_after_wait(std::uint32_t depth) {
  const Result<void> locked = protects() ? wait(Deadline::never()) : lock();
  if (protects()) keep_ceilings();
  if (owned_by_current()) depth_ = depth;
  return locked;
}

void Mutex::abandon() {
  depth_ = 0;
  if (!is_robust()) {
    core_.abandon();
    return;
  }
  if (state_ == State::kSound) state_ = State::kInconsistent;
  core_.unlock();
}

}  // namespace atl::posix
