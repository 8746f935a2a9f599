// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <atoll/lock.hpp>
#include <atoll/posix/process.hpp>
#include <atoll/posix/signal.hpp>
#include <atomic>

#include "pending.hpp"

namespace atl::posix {

/// What a thread has once somebody has asked for it. Found through Thread::signal_block,
/// which is changed and followed under the lock of the process's signals.
struct ThreadSignals {
  PendingSignals pending;  ///< under that lock
  /// What accept() waits for; masked as a rule.
  std::atomic<SignalSet> awaited = 0;

  // The thread's own.
  SignalStack stack{.flags = kStackDisabled};
  ExitHook end;
  bool ends_with_thread = false;

  // Under the lock, of those whose thread has not seen them.
  std::uint32_t thread = 0;
  ThreadSignals* next_unseen = nullptr;
};

/// What the threads of a process have in common, and the lock of all of it.
struct SharedSignals {
  std::array<SignalAction, kSigLast> actions{};
  PendingSignals pending;
  SignalPool pool;
  ThreadSignals* unseen = nullptr;

  [[nodiscard]] SignalAction& action(int signal) {
    return actions[static_cast<std::size_t>(signal - 1)];
  }
};
using ProcessSignals = Locked<SharedSignals, IrqSpinLock>;

/// The calling thread's process's; any context.
ProcessSignals& signals();

/// The calling thread's own; null without memory.
ThreadSignals* own_signals();
/// Null where it has none. Under the lock.
inline ThreadSignals* signals_of(const Thread& thread) {
  return static_cast<ThreadSignals*>(thread.signal_block);
}

enum class Default : std::uint8_t { kEnd, kIgnore };
/// signal(7), "Standard signals". Nothing stops: nobody is there to continue it.
Default default_of(int signal);
bool is_ignored(const SignalAction& action, int signal);

inline SignalSet mask_of(const Thread& thread) {
  return thread.signal_mask.load(std::memory_order_relaxed);
}
inline void set_mask(SignalSet set) {
  sched::current().signal_mask.store(set & ~kUnmaskable, std::memory_order_relaxed);
}

/// A timer's own signal, to the process or, where `thread` is not 0, to that thread.
/// Interrupt context.
void send_owned(QueuedSignal& signal, std::uint32_t thread);
/// Takes it back from wherever it is queued.
void withdraw(QueuedSignal& signal);

/// A signal to deliver, and what to do.
struct Delivery {
  SignalInfo info;
  SignalAction action;
};
/// Runs the handler of `delivery` on the stack that it asks for; `context` is what the
/// handler sees and may change. kDefault ends the program.
void run_handler(const Delivery& delivery, UserContext& context);
/// The next signal for the calling thread that is not masked; false where there is none.
bool next_delivery(Delivery& delivery);

bool is_on_stack(const SignalStack& stack, std::uint64_t address);

/// Sees to it that signals that threads could take, but do not as they compute, get
/// them. Any context.
void look_again();
void make_lookout();

}  // namespace atl::posix
