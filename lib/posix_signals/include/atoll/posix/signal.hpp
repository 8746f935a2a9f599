// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/posix/interruption.hpp>
#include <atoll/posix/signal_abi.hpp>
#include <atoll/result.hpp>
#include <atoll/sched.hpp>

/// Signals of the process and its threads: POSIX.1-2017, XSH 2.4; Linux man-pages
/// signal(7). Each operation once, for whichever door a program comes in by.
///
/// Context of all: a thread of the program that holds no lock of the kernel's, unless it
/// says otherwise. All may run handlers before they return.
namespace atl::posix {

/// Sets what `signal` does, and tells what it did; `action` may be null. A signal that
/// becomes ignored is no longer pending. kInvalidArgument: no signal, or one that cannot
/// be caught.
Result<SignalAction> set_action(int signal, const SignalAction* action);

enum class MaskChange : int { kBlock = 0, kUnblock = 1, kReplace = 2 };
/// The calling thread's mask before. At least one signal that is pending and no longer
/// masked is delivered before it returns.
SignalSet change_mask(MaskChange how, SignalSet set);
SignalSet mask();

/// Which signals are pending for the calling thread or the process while it masks them.
SignalSet pending_signals();

/// To the process: some thread that does not mask it takes it, the calling one if it can.
/// kTryAgain: a real-time signal with a value (kQueued) finds no room; other signals have
/// none of what came with them then. Any context.
Result<void> send_to_process(const SignalInfo& info);
/// To `thread`, which the caller knows to live. kNoMemory; kTryAgain as above.
Result<void> send_to_thread(Thread& thread, const SignalInfo& info);
/// The same to a thread that only its finder knows to live: `find(whom, use, argument)`
/// calls `use(thread, argument)` while it does, and may call it from under a lock. Its
/// errors are passed on; a thread that it does not find without one is no error.
using FindThread = Result<void> (*)(void* whom, void (*use)(Thread& thread, void* argument),
                                    void* argument);
Result<void> send_to_thread(FindThread find, void* whom, const SignalInfo& info);
/// Who finds the program's threads by their names, `whom` pointing to a pthread_t: set by a
/// boot step; without one none is found.
void set_thread_finder(FindThread find);
FindThread thread_finder();
/// To the calling thread, which runs its handler before this returns (raise()).
Result<void> send_to_self(int signal);

/// Runs the handlers of what is pending for the calling thread and not masked:
/// InterruptionActions::deliver.
Acted deliver_signals();

/// Masks `set` until a handler has run; then the mask is as before. A cancellation point.
void suspend(SignalSet set);

/// Takes a signal of `set` that is pending, or waits for one. kTryAgain: `deadline` has
/// come; kInterrupted: the handler of another signal has run. A cancellation point.
Result<SignalInfo> accept(SignalSet set, Deadline deadline = Deadline::never());

/// The calling thread's alternate stack; `wanted` may be null. kNotPermitted while a
/// handler runs on it; kNoMemory: smaller than kSmallestStack; kInvalidArgument: flags.
Result<SignalStack> set_stack(const SignalStack* wanted);

/// Ends the program as `signal` does: a line that says so, status 128 and the signal.
[[noreturn]] void end_by(int signal);

}  // namespace atl::posix
