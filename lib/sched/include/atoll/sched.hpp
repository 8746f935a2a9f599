// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/arch.hpp>
#include <atoll/thread.hpp>
#include <concepts>
#include <type_traits>

/// Threads and waiting. One scheduler per image: sched_single, sched_coop, …
///
/// Order of headers: atoll/wait.hpp (deadlines, interruptions),
/// atoll/wait_queue.hpp (waiting), atoll/thread.hpp (a thread), this one (what
/// one does with threads). Locks that wait are in atoll/sync.hpp, finite
/// deadlines and timers in atoll/deadline.hpp.
///
/// Unless a function says otherwise it may be called by any thread after the
/// boot step of `sched`, not from an interrupt handler, and does not block.
///
/// What callers must not rely on, because schedulers differ:
/// - that another thread runs only when this one waits (there may be preemption
///   and more CPUs), or that one does run without waiting (there may be neither:
///   a loop without a wait or yield() can starve all others);
/// - in which order ready threads run, or that a woken thread runs at once;
/// - that create() works: an image may hold one thread only;
/// - that priority and affinity are obeyed: they are hints;
/// - how large a Thread is, and what is in ProviderThread.
namespace atl::sched {

using Entry = void (*)(void* argument);

/// What a scheduler provides, in `atoll/provider/sched.hpp`: an empty or full
/// ProviderThread (its part of a Thread) and a struct Provider of static
/// members. Nobody else calls them.
template <typename P>
concept SchedulerContract = requires(Thread& thread, const ThreadOptions& options, Entry entry,
                                     void* argument, void (*visit)(Thread&, void*)) {
  /// True: main is the only thread; create() fails with kNotSupported.
  {std::bool_constant<P::kOneThread>{}};
  /// True: a thread can lose the CPU without asking.
  {std::bool_constant<P::kPreemptive>{}};
  /// True: of the ready threads one of the highest priority runs.
  {std::bool_constant<P::kHasPriorities>{}};
  /// sched::create(), after the options were checked.
  { P::create(options, entry, argument) } -> std::same_as<Result<Thread*>>;
  /// Lets other ready threads run.
  { P::yield() } -> std::same_as<void>;
  /// Called with interrupts masked and no lock held: runs other threads, or
  /// idles (wait_for_interrupt), while the current thread's is_blocked(). A
  /// make_ready() that comes before it is not lost. Interrupts masked on return.
  { P::block() } -> std::same_as<void>;
  /// `thread`, which was blocked, is no longer: it will run. Interrupts masked;
  /// any context, any CPU; `thread` may still be on its way into block().
  { P::make_ready(thread) } -> std::same_as<void>;
  /// Leaves the exited current thread for ever, interrupts masked; if `reclaim`,
  /// destroys it once its stack is out of use. Does not return.
  { P::leave(thread, true) } -> std::same_as<void>;
  /// Frees an exited thread, once it has left its stack.
  { P::destroy(thread) } -> std::same_as<void>;
  /// Calls `visit` for each thread that has not exited; none comes or goes
  /// meanwhile. Interrupts masked.
  { P::for_each(visit, argument) } -> std::same_as<void>;
  /// Nestable. Empty where kPreemptive is false.
  { P::disable_preemption() } -> std::same_as<void>;
  { P::enable_preemption() } -> std::same_as<void>;
  /// Of the current thread.
  { P::preemption_disabled() } -> std::same_as<bool>;
};

static_assert(SchedulerContract<Provider>,
              "the chosen sched provider does not fulfil atoll/sched.hpp");

/// The running thread. From an interrupt handler: the one it interrupted.
inline Thread& current() { return *arch::Cpu::current_thread(); }

/// Whether waiting is allowed here: in a thread, not in an interrupt handler.
/// Any context, before sched's boot step, too.
inline bool may_wait() {
  if (arch::Cpu::current_thread() == nullptr || Provider::preemption_disabled()) return false;
  if constexpr (Provider::kPreemptive) {
    // No handler runs so; and a thread could move to another CPU while it looks at what
    // is this one's.
    if (arch::Cpu::interrupts_enabled()) return true;
  }
  return arch::Cpu::cpu_local().interrupt_depth == 0;
}

/// Starts a thread that calls `entry(argument)`, with interrupts as the creator
/// has them; returning from `entry` exits it. kNoMemory; kNotSupported where the scheduler has one
/// thread only; kInvalidArgument for a priority above kHighestPriority or an affinity without a CPU
/// of this image.
Result<Thread*> create(const ThreadOptions& options, Entry entry, void* argument);

/// Ends the current thread: runs its exit hooks, newest first, wakes who joins
/// it. Not by the main thread, whose end is the program's: asserted.
[[noreturn]] void exit();

/// Waits until `thread` has exited and frees it. kDeadlock for oneself;
/// kInvalidArgument for a detached thread or one that another joins; kTimedOut,
/// kInterrupted: `thread` is as before.
Result<void> join(Thread& thread, Deadline deadline = Deadline::never(),
                  Interruptions by = Interruptions::kAny);

/// Lets `thread` be freed when it exits, now if it has. Afterwards the pointer is
/// good only as long as the thread is known to run. kInvalidArgument where it is
/// detached or being joined.
Result<void> detach(Thread& thread);

/// Lets other ready threads run. Cheap where there are none.
inline void yield() { Provider::yield(); }

/// Waits for `deadline`; never() waits for an interruption alone. Ok when the
/// deadline has come, kInterrupted before.
Result<void> sleep_until(Deadline deadline, Interruptions by = Interruptions::kAny);

/// Asks `thread` to break off its wait, or its next one, with kInterrupted. The
/// request stays until the thread takes it. Any context; the caller knows that
/// `thread` lives.
void interrupt(Thread& thread, Interruptions reasons);
/// The same for every thread: the stop request.
void interrupt_all(Interruptions reasons);

/// What is pending for the current thread.
Interruptions pending_interruptions();
/// Takes those of `reasons` that are pending: waits are no longer broken by
/// them. None, rarely, after a wait that was interrupted: then wait again.
Interruptions take_interruptions(Interruptions reasons = Interruptions::kAny);

/// Calls `visit` for each thread that has not exited, interrupts masked; it must
/// not wait, create or end threads. Any context.
void for_each(void (*visit)(Thread& thread, void* context), void* context);

/// What to do before a CPU sleeps for want of work, with interrupts masked: true
/// where there may be work now and the CPU should look again. One per image, null
/// for none. A CPU never wakes up without an interrupt: there is no tick.
void set_idle_hook(bool (*hook)());

/// For schedulers: the idle hook, then sleep until an interrupt has been handled.
/// Interrupts masked before and after.
void idle();

/// The current thread keeps its CPU for a scope; interrupts still come. It must
/// not wait. Costs nothing without preemption.
class [[nodiscard]] PreemptGuard {
 public:
  PreemptGuard() { Provider::disable_preemption(); }
  ~PreemptGuard() { Provider::enable_preemption(); }
  PreemptGuard(const PreemptGuard&) = delete;
  PreemptGuard& operator=(const PreemptGuard&) = delete;
};

}  // namespace atl::sched
