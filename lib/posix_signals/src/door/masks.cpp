// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/deadline.hpp>
#include <atoll/libc_types.hpp>
#include <atoll/posix/signal.hpp>

#include "result.hpp"

// POSIX.1-2017 pthread_sigmask(), sigprocmask(), sigpending(), sigsuspend(), pause(),
// sigwait() and its kin; siglongjmp()'s part of masks.

using namespace atl::posix;
using namespace atl::posix::door;
using atl::Deadline;
using atl::Errc;
using atl::Nanoseconds;
using atl::Result;
using atl::libc::fail_with;
using atl::libc::Timespec;

namespace {

constexpr std::int64_t kPerSecond = 1'000'000'000;

Deadline deadline_after(const Timespec& time) {
  std::uint64_t count = 0;
  if (__builtin_mul_overflow(static_cast<std::uint64_t>(time.seconds), kPerSecond, &count) ||
      __builtin_add_overflow(count, static_cast<std::uint64_t>(time.nanoseconds), &count)) {
    return Deadline::never();
  }
  return atl::deadline::after(Nanoseconds{count});
}

int give_number(const Result<SignalInfo>& accepted, SignalInfo* info) {
  if (!accepted.ok()) return fail_with(accepted.error());
  if (info != nullptr) *info = accepted.value();
  return accepted.value().signal;
}

}  // namespace

extern "C" {

// Returns the error's number instead of setting errno.
int pthread_sigmask(int how, const SignalSet* set, SignalSet* before) {
  if (set == nullptr) {
    if (before != nullptr) *before = mask();
    return 0;
  }
  if (how < 0 || how > static_cast<int>(MaskChange::kReplace)) {
    return static_cast<int>(Errc::kInvalidArgument);
  }
  const SignalSet wanted = *set;
  const SignalSet old = mask();
  if (before != nullptr) *before = old;
  change_mask(MaskChange{how}, wanted);
  return 0;
}

int sigprocmask(int how, const SignalSet* set, SignalSet* before) {
  const int error = pthread_sigmask(how, set, before);
  return error == 0 ? 0 : fail_with(Errc{error});
}

int sigpending(SignalSet* set) {
  *set = pending_signals();
  return 0;
}

int sigsuspend(const SignalSet* set) {
  suspend(*set);
  return fail_with(Errc::kInterrupted);
}

int pause() {
  suspend(mask());
  return fail_with(Errc::kInterrupted);
}

// X/Open's, which takes one signal out of the mask.
int __xpg_sigpause(int signal) {
  if (!is_signal(signal)) return fail_with(Errc::kInvalidArgument);
  suspend(mask() & ~set_of(signal));
  return fail_with(Errc::kInterrupted);
}

int sigwaitinfo(const SignalSet* set, SignalInfo* info) { return give_number(accept(*set), info); }

int sigtimedwait(const SignalSet* set, SignalInfo* info, const Timespec* timeout) {
  if (timeout == nullptr) return sigwaitinfo(set, info);
  if (timeout->seconds < 0 || timeout->nanoseconds < 0 || timeout->nanoseconds >= kPerSecond) {
    return fail_with(Errc::kInvalidArgument);
  }
  return give_number(accept(*set, deadline_after(*timeout)), info);
}

// Returns the error's number, and never EINTR (sigwait(3)).
int sigwait(const SignalSet* set, int* signal) {
  while (true) {
    const auto accepted = accept(*set);
    if (accepted.ok()) {
      *signal = accepted.value().signal;
      return 0;
    }
    if (accepted.error() != Errc::kInterrupted) return static_cast<int>(accepted.error());
  }
}

// Behind <setjmp.h>'s sigsetjmp() and siglongjmp().
void __atoll_save_mask(std::uint64_t* saved, int wanted) {
  saved[0] = wanted != 0 ? 1 : 0;
  if (wanted != 0) saved[1] = mask();
}
void __atoll_restore_mask(const std::uint64_t* saved) {
  if (saved[0] != 0) change_mask(MaskChange::kReplace, saved[1]);
}

}  // extern "C"
