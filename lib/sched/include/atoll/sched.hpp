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
/// - that priorities and a new thread's affinity are obeyed: they are hints;
/// - how large a Thread is, and what is in ProviderThread.
namespace atl::sched {

using Entry = void (*)(void* argument);

/// What a scheduler provides, in `atoll/provider/sched.hpp`: an empty or full
/// ProviderThread (its part of a Thread; made at compile time for main, so with a constexpr
/// constructor) and a struct Provider of static members. Nobody else calls them.
/// docs/schedulers.md says how one is written.
///
/// It may have these beside those of SchedulerContract:
///
///     static void end_job();
///
/// sched::end_job(), where that differs from yield().
///
///     static bool goes_before(const Thread& left, const Thread& right);
///
/// Where kHasPriorities: whether of two that wait in one queue `left` is woken first, also
/// if `right` has waited longer. Without it: the higher Thread::priority(). Interrupts
/// masked.
///
///     static void priority_changed(Thread& thread);
///
/// Called after Thread::priority() has changed, interrupts masked, in any context, for a
/// thread in any state, with locks held that no scheduler takes: sees to it that the new one
/// counts at once. Without it a changed priority counts from when the thread becomes ready
/// or waits the next time. With it the scheduler selects SCHED_HAS_PRIORITIES in the menu,
/// which offers priority inheritance: of priorities, not of what else AttributesContract has.
///
/// And AttributesContract, where it has attributes of its own per thread.
template <typename P>
concept SchedulerContract = requires(Thread& thread, const ThreadOptions& options, Entry entry,
                                     void* argument, void (*visit)(Thread&, void*)) {
  /// True: main is the only thread; create() fails with kNotSupported.
  {std::bool_constant<P::kOneThread>{}};
  /// True: a thread can lose the CPU without asking. Such a scheduler selects
  /// LOCK_PREEMPTION in the menu.
  {std::bool_constant<P::kPreemptive>{}};
  /// True: of the ready threads one of the highest priority runs.
  {std::bool_constant<P::kHasPriorities>{}};
  /// True: threads run on several CPUs at the same time. Such a scheduler selects
  /// SCHED_MANY_CPUS in the menu and has ManyCpusContract.
  {std::bool_constant<P::kManyCpus>{}};
  /// sched::create(), after the options were checked; ThreadOptions::scheduling is in place
  /// of ThreadOptions::priority where it is not null. The new thread is ready, and runs
  /// before this returns only where it may preempt the caller.
  { P::create(options, entry, argument) } -> std::same_as<Result<Thread*>>;
  /// Lets other ready threads run. Never while preemption_disabled(), nor is end_job().
  { P::yield() } -> std::same_as<void>;
  /// Called with interrupts masked and no lock held: runs other threads, or
  /// idles (wait_for_interrupt), while the current thread's is_blocked(). A
  /// make_ready() that comes before it is not lost. Interrupts masked on return.
  { P::block() } -> std::same_as<void>;
  /// `thread`, which was blocked, is no longer: it will run. Interrupts masked;
  /// any context, any CPU; `thread` may still be on its way into block(), or in it,
  /// idling.
  { P::make_ready(thread) } -> std::same_as<void>;
  /// Leaves the exited current thread for ever, interrupts masked: sets
  /// State::kExited, and for_each() no longer visits it; if `reclaim`, destroys it
  /// once its stack is out of use. Does not return.
  { P::leave(thread, true) } -> std::same_as<void>;
  /// Frees an exited thread, once it has left its stack.
  { P::destroy(thread) } -> std::same_as<void>;
  /// Calls `visit` for each thread that has not exited; none comes or goes
  /// meanwhile. Interrupts masked.
  { P::for_each(visit, argument) } -> std::same_as<void>;
  /// Nestable. Empty where kPreemptive is false. The one that ends it gives way at once to
  /// who has become ready meanwhile and goes before, unless interrupts are masked.
  { P::disable_preemption() } -> std::same_as<void>;
  { P::enable_preemption() } -> std::same_as<void>;
  /// Of the current thread.
  { P::preemption_disabled() } -> std::same_as<bool>;
};

/// Attributes of a scheduler's own per thread (a deadline, a share): what
/// pthread_setschedparam() and pthread_create() are told. Interrupts masked, for any thread
/// that has not exited: blocked, ready or running. Told for every policy, kNormal too, and
/// where only the priority changes. Without it Policy::kDeadline is kNotSupported.
template <typename P>
concept AttributesContract = requires(Thread& thread, const Scheduling& wanted) {
  /// `wanted` counts from now on, or its error is the caller's and nothing has changed:
  /// kInvalidArgument for values that make no sense (whose priority is checked, and no more:
  /// of kDeadline's times sched_setattr(2) demands 0 < runtime <= deadline <= period);
  /// kBusy where the CPUs cannot give what is wanted. The first period begins now, in
  /// create() too. Thread::priority() and policy still have the old values and change when it
  /// returns, before any other thread runs (and priority_changed() is called then, where there
  /// is one): a scheduler that orders threads by them keeps its own. It does not switch
  /// threads: a running one that is now behind others loses its CPU as for a make_ready(), and
  /// the calling thread yields afterwards.
  { P::set_scheduling(thread, wanted) } -> std::same_as<Result<void>>;
  { P::scheduling(thread) } -> std::same_as<Scheduling>;
};

template <typename P>
concept NamesAttributes = requires {
  &P::set_scheduling;
}
|| requires { &P::scheduling; };

/// What it owes beside, where kManyCpus is true. The state of each CPU is made in its
/// own step (INIT_CPU), in which the context that runs becomes its current thread.
template <typename P>
concept ManyCpusContract = requires {
  /// Called by each further CPU after its steps, interrupts masked: runs threads, and
  /// idles where there are none. Does not return.
  { P::run_cpu() } -> std::same_as<void>;
};

/// Threads that move to other CPUs: beside ManyCpusContract. Without it set_affinity() is
/// kNotSupported on several CPUs.
template <typename P>
concept AffinityContract = requires(Thread& thread) {
  /// Those that run threads. Any context.
  { P::usable_cpus() } -> std::same_as<CpuMask>;
  /// Called after Thread::affinity() has changed, interrupts masked, for a thread in any
  /// state: one that is on a CPU where it may not be leaves it, at once where it is the
  /// calling one and preemption is not disabled.
  { P::affinity_changed(thread) } -> std::same_as<void>;
};

static_assert(!Provider::kManyCpus || ManyCpusContract<Provider>,
              "the chosen sched provider does not fulfil ManyCpusContract of atoll/sched.hpp");
static_assert(Provider::kManyCpus || kMaxCpus == 1,
              "the chosen sched provider serves one CPU, and ARCH_MAX_CPUS is more");
static_assert(SchedulerContract<Provider>,
              "the chosen sched provider does not fulfil atoll/sched.hpp");
static_assert(!NamesAttributes<Provider> || AttributesContract<Provider>,
              "the chosen sched provider has a part of AttributesContract of atoll/sched.hpp only");

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
/// of this image; as set_scheduling() for ThreadOptions::scheduling.
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

/// Lets other ready threads run that are not behind this one. Cheap where there are none.
/// Not under a PreemptGuard.
inline void yield() { Provider::yield(); }

/// The program's sched_yield(): yield(), and a thread with Policy::kDeadline has done its
/// work until its next period begins, and does not run before (sched(7)). Not under a
/// PreemptGuard.
template <typename P = Provider>
void end_job() {
  if constexpr (requires { P::end_job(); }) {
    P::end_job();
  } else {
    P::yield();
  }
}

/// Changes how `thread`, which the caller knows to live, is scheduled; the calling
/// thread gives way to those that are now before it. kInvalidArgument for a priority above
/// kHighestPriority, or for times that make no sense; kNotSupported for a policy that the
/// scheduler has not; kBusy where the CPUs cannot give what is wanted. Then all is as before.
Result<void> set_scheduling(Thread& thread, const Scheduling& scheduling);
Scheduling scheduling(Thread& thread);

/// The CPUs that run threads. Any context.
template <typename P = Provider>
CpuMask usable_cpus() {
  if constexpr (AffinityContract<P>) return P::usable_cpus();
  return kEveryCpu >> (64 - kMaxCpus);
}

/// Lets `thread`, which the caller knows to live, run on the CPUs of `affinity` only; the
/// calling thread is on one of them when this returns, another soon. kInvalidArgument where
/// none of them runs threads; kNotSupported where the scheduler cannot.
Result<void> set_affinity(Thread& thread, CpuMask affinity);

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
