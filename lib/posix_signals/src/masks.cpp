// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "generate.hpp"

// POSIX.1-2017 sigaction(), pthread_sigmask(), sigpending(), sigsuspend(), sigtimedwait().
namespace atl::posix {
namespace {

// Of every thread and of the process.
void discard(int signal) {
  sched::for_each(
      [](Thread& thread, void* context) {
        signals().with([&](SharedSignals& shared) {
          if (ThreadSignals* const block = signals_of(thread)) {
            block->pending.discard(set_of(*static_cast<int*>(context)), shared.pool);
          }
        });
      },
      &signal);
  signals().with(
      [&](SharedSignals& shared) { shared.pending.discard(set_of(signal), shared.pool); });
}

bool stop_requested() { return any(sched::take_interruptions(Interruptions::kStop)); }

}  // namespace

Result<SignalAction> set_action(int signal, const SignalAction* action) {
  if (!is_signal(signal) || (action != nullptr && has(kUnmaskable, signal))) {
    return fail(Errc::kInvalidArgument);
  }
  const SignalAction before = signals().with([&](SharedSignals& shared) {
    const SignalAction old = shared.action(signal);
    if (action != nullptr) {
      shared.action(signal) = *action;
      shared.action(signal).mask &= ~kUnmaskable;
    }
    return old;
  });
  if (action != nullptr && is_ignored(*action, signal)) discard(signal);
  return before;
}

SignalSet mask() { return mask_of(sched::current()); }

SignalSet change_mask(MaskChange how, SignalSet set) {
  const SignalSet before = mask();
  switch (how) {
    case MaskChange::kBlock:
      set_mask(before | set);
      break;
    case MaskChange::kUnblock:
      set_mask(before & ~set);
      break;
    case MaskChange::kReplace:
      set_mask(set);
      break;
  }
  if ((before & ~mask()) != 0) static_cast<void>(deliver_signals());
  return before;
}

SignalSet pending_signals() {
  const Thread& self = sched::current();
  return signals().with([&](SharedSignals& shared) {
    const ThreadSignals* const own = signals_of(self);
    return (shared.pending.set() | (own != nullptr ? own->pending.set() : 0)) & mask_of(self);
  });
}

void suspend(SignalSet set) {
  cancellation_point();
  const SignalSet before = mask();
  set_mask(set);
  while (deliver_signals() == Acted::kNothing) {
    static_cast<void>(sched::sleep_until(Deadline::never()));
    cancellation_point();
    if (!stop_requested()) continue;
    static_cast<void>(deliver_signals());
    break;
  }
  set_mask(before);
  static_cast<void>(deliver_signals());
}

Result<SignalInfo> accept(SignalSet set, Deadline deadline) {
  cancellation_point();
  ThreadSignals* const own = own_signals();
  if (own == nullptr) return fail(Errc::kNoMemory);
  set &= ~kUnmaskable;
  own->awaited.store(set, std::memory_order_relaxed);
  SignalInfo info;
  const auto take = [&] {
    static_cast<void>(sched::take_interruptions(Interruptions::kSignal));
    return signals().with([&](SharedSignals& shared) {
      return own->pending.take(set, shared.pool, info) ||
             shared.pending.take(set, shared.pool, info);
    });
  };
  Errc error{};
  bool timed_out = false;
  while (!take() && error == Errc{}) {
    if (deliver_signals() != Acted::kNothing || stop_requested()) {
      error = Errc::kInterrupted;
    } else if (timed_out) {
      error = Errc::kTryAgain;
    } else {
      timed_out = sched::sleep_until(deadline).ok();
      cancellation_point();
    }
  }
  own->awaited.store(0, std::memory_order_relaxed);
  if (error != Errc{}) return fail(error);
  return info;
}

}  // namespace atl::posix
