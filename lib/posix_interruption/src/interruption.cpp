// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/posix/interruption.hpp>

namespace atl::posix {
namespace {

constinit InterruptionActions actions;

bool is_pending(Interruptions reason) { return any(sched::pending_interruptions() & reason); }

}  // namespace

InterruptionActions& interruption_actions() { return actions; }

void cancellation_point() {
  if (is_pending(Interruptions::kCancellation) && actions.cancel != nullptr) actions.cancel();
}

Acted interrupted() {
  cancellation_point();
  Acted acted = Acted::kNothing;
  // First the handler of a stop request, then that it has come.
  if (is_pending(Interruptions::kSignal) && actions.deliver != nullptr) acted = actions.deliver();
  if (any(sched::take_interruptions(Interruptions::kStop))) return Acted::kFail;
  if (acted != Acted::kNothing) return acted;
  return any(sched::pending_interruptions()) ? Acted::kFail : Acted::kNothing;
}

Interruptions handled_meanwhile() {
  return actions.deliver != nullptr ? Interruptions::kSignal : Interruptions::kNone;
}

void run_handlers() {
  if (is_pending(Interruptions::kSignal)) static_cast<void>(actions.deliver());
}

}  // namespace atl::posix
