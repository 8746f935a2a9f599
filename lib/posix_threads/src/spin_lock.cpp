// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/deadline.hpp>
#include <atoll/posix/spin_lock.hpp>

namespace atl::posix {
namespace {

constexpr unsigned kTries = 100;
constexpr unsigned kYields = 100;

void pass_time(unsigned round) {
  if (round < kTries) {
    arch::Cpu::relax();
  } else if (round < kTries + kYields) {
    sched::yield();
  } else {
    static_cast<void>(sched::sleep_until(deadline::after(1_ms), Interruptions::kNone));
  }
}

}  // namespace

Result<void> SpinLock::try_lock() {
  std::uint32_t nobody = 0;
  if (owner_.compare_exchange_strong(nobody, sched::current().id(), std::memory_order_acquire,
                                     std::memory_order_relaxed)) {
    return {};
  }
  return fail(Errc::kBusy);
}

Result<void> SpinLock::lock() {
  if (owner_.load(std::memory_order_relaxed) == sched::current().id()) {
    return fail(Errc::kDeadlock);
  }
  for (unsigned round = 0; !try_lock().ok(); ++round) pass_time(round);
  return {};
}

Result<void> SpinLock::unlock() {
  if (owner_.load(std::memory_order_relaxed) != sched::current().id()) {
    return fail(Errc::kNotPermitted);
  }
  owner_.store(0, std::memory_order_release);
  return {};
}

Result<void> SpinLock::destroy() {
  return owner_.load(std::memory_order_relaxed) == 0 ? Result<void>{} : fail(Errc::kBusy);
}

}  // namespace atl::posix
