// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/posix/signal.hpp>

#include "result.hpp"

// POSIX.1-2017 sigaction(), signal(), siginterrupt(), sigaltstack(), and the X/Open
// functions sigset(), sighold(), sigrelse(), sigignore().

using namespace atl::posix;
using namespace atl::posix::door;
using atl::Errc;
using atl::libc::fail_with;

namespace {

constexpr auto kError = ~std::uintptr_t{0};  // SIG_ERR
constexpr std::uintptr_t kHold = 2;          // SIG_HOLD

std::uintptr_t set_handler(int signal, std::uintptr_t handler, std::uint32_t flags) {
  const SignalAction wanted{.handler = handler, .mask = 0, .flags = flags};
  const auto before = set_action(signal, &wanted);
  if (before.ok()) return before.value().handler;
  fail_with(before.error());
  return kError;
}

int change_one(MaskChange how, int signal) {
  if (!is_signal(signal)) return fail_with(Errc::kInvalidArgument);
  change_mask(how, set_of(signal));
  return 0;
}

}  // namespace

extern "C" {

int sigaction(int signal, const SignalAction* action, SignalAction* before) {
  return give(set_action(signal, action), before);
}

// As on Linux: the handler stays, and functions begin anew.
std::uintptr_t signal(int number, std::uintptr_t handler) {
  if (handler == kError) return fail_with(Errc::kInvalidArgument), kError;
  return set_handler(number, handler, kRestart);
}

int siginterrupt(int signal, int interrupts) {
  auto known = set_action(signal, nullptr);
  if (!known.ok()) return fail_with(known.error());
  SignalAction action = known.value();
  action.flags = interrupts != 0 ? action.flags & ~kRestart : action.flags | kRestart;
  return give(set_action(signal, &action), static_cast<SignalAction*>(nullptr));
}

int sigaltstack(const SignalStack* wanted, SignalStack* before) {
  return give(set_stack(wanted), before);
}

std::uintptr_t sigset(int signal, std::uintptr_t handler) {
  if (!is_signal(signal) || handler == kError) return fail_with(Errc::kInvalidArgument), kError;
  const bool held = has(mask(), signal);
  if (handler == kHold) {
    const auto before = set_action(signal, nullptr);
    change_mask(MaskChange::kBlock, set_of(signal));
    return held ? kHold : before.value().handler;
  }
  const std::uintptr_t before = set_handler(signal, handler, 0);
  if (before == kError) return kError;
  change_mask(MaskChange::kUnblock, set_of(signal));
  return held ? kHold : before;
}

int sighold(int signal) { return change_one(MaskChange::kBlock, signal); }
int sigrelse(int signal) { return change_one(MaskChange::kUnblock, signal); }
int sigignore(int signal) { return set_handler(signal, kIgnoreAction, 0) == kError ? -1 : 0; }

}  // extern "C"
