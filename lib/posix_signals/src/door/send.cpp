// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/posix/signal.hpp>

#include "result.hpp"

// POSIX.1-2017 kill(), killpg(), raise(), sigqueue(), abort(). kill(2): -1 is every process
// that one may signal, which is this one.

using namespace atl::posix;
using namespace atl::posix::door;
using atl::Errc;
using atl::libc::fail_with;

namespace {

constexpr bool is_signal_or_test(int signal) { return signal == 0 || is_signal(signal); }

}  // namespace

extern "C" {

int kill(int process, int signal) {
  if (!is_signal_or_test(signal)) return fail_with(Errc::kInvalidArgument);
  if (!is_this(process)) return fail_with(kNoSuchProcess);
  if (signal == 0) return 0;
  static_cast<void>(send_to_process(from_here(signal, kFromUser)));
  static_cast<void>(deliver_signals());
  return 0;
}

int killpg(int group, int signal) {
  if (group < 0) return fail_with(Errc::kInvalidArgument);
  return kill(group, signal);
}

int sigqueue(int process, int signal, SignalValue value) {
  if (!is_signal_or_test(signal)) return fail_with(Errc::kInvalidArgument);
  if (process != atl::Process::kFirst) return fail_with(kNoSuchProcess);
  if (signal == 0) return 0;
  const int result = give(send_to_process(from_here(signal, kQueued, value)));
  static_cast<void>(deliver_signals());
  return result;
}

int raise(int signal) {
  if (signal == 0) return 0;
  if (!is_signal(signal)) return fail_with(Errc::kInvalidArgument);
  return give(send_to_self(signal));
}

// ISO C17 §7.22.4.1: a handler may run, and cannot prevent the end but by a jump.
[[noreturn]] void abort() {
  change_mask(MaskChange::kUnblock, set_of(kSigAbrt));
  static_cast<void>(send_to_self(kSigAbrt));
  end_by(kSigAbrt);
}

}  // extern "C"
