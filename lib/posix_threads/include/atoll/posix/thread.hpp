// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/posix/mutex.hpp>
#include <atoll/sched.hpp>
#include <cstddef>
#include <cstdint>
#include <string_view>

/// The program's threads: those of sched with what POSIX.1-2017, XSH 2.9, adds. Each
/// operation once, in the semantics of POSIX and Linux, for whichever door a program
/// comes in by. A thread that was made by sched::create() becomes one by asking for what
/// only these have.
///
/// Context of all: a thread of the program that may wait, unless it says otherwise.
namespace atl::posix {

/// Names a thread; 0 is none. Never used again, so that what is no thread any more is
/// found out: kNoSuchThread, never somebody else.
using ThreadId = std::uint64_t;

using Start = void* (*)(void* argument);

inline void* const kCancelled = reinterpret_cast<void*>(~std::uintptr_t{0});

struct ThreadAttributes {
  std::size_t stack_bytes = 0;  ///< 0: option SCHED_STACK_KIB
  void* stack = nullptr;        ///< sched::ThreadOptions::stack
  bool detached = false;
  CpuMask affinity = 0;  ///< 0: the creator's
  /// Null: as the creator is scheduled.
  const sched::Scheduling* scheduling = nullptr;
};

/// What the libc's pthread_attr_t at `object` asks for; its scheduling, where it names one, is
/// put into `scheduling`. kInvalidArgument.
Result<ThreadAttributes> read_attributes(const void* object, sched::Scheduling& scheduling);

/// Starts a thread, and stores its name in `thread` before it runs, so that it may look
/// there, too (ISO C17 §7.26.5.1; Linux does so for POSIX). kTryAgain: no memory, or the
/// image has one thread only; kInvalidArgument, kNotSupported, kBusy: sched's opinion of the
/// scheduling and the affinity. After an error `thread` names none.
Result<void> create(const ThreadAttributes& attributes, Start start, void* argument,
                    ThreadId& thread);

/// The calling thread's name; 0 where it is none of the program's and cannot become one.
ThreadId self();

/// Ends the calling thread: its cleanup handlers, its thread-local objects, its keys'
/// destructors, its robust mutexes; the last thread of the program ends it with status 0.
[[noreturn]] void exit(void* result);

/// Waits for the end of `thread`; what it ended with. A cancellation point.
/// kNoSuchThread; kDeadlock: itself, or one that waits for the caller's end;
/// kInvalidArgument: detached, or another waits for it; kTimedOut: as before. Never
/// kInterrupted.
Result<void*> join(ThreadId thread, Deadline deadline = Deadline::never());
/// kBusy where it has not ended.
Result<void*> try_join(ThreadId thread);

/// Nobody will join `thread`. kNoSuchThread; kInvalidArgument: detached, or being joined.
Result<void> detach(ThreadId thread);

/// Calls `use(thread, context)` for a thread that has not ended, which lives meanwhile and
/// for no longer: under a lock, interrupts masked. kNoSuchThread; ok, and not called, for
/// one that has ended and can still be joined.
Result<void> visit_thread(ThreadId thread, void (*use)(Thread& thread, void* context),
                          void* context);

/// Asks `thread` to end at its next cancellation point. kNoSuchThread.
Result<void> cancel(ThreadId thread);
/// Whether the calling thread can be cancelled; what was before.
bool set_cancellable(bool cancellable);
/// PTHREAD_CANCEL_ASYNCHRONOUS is kept, and acts as deferred but for a thread that
/// cancels itself. What was before.
bool set_asynchronous(bool asynchronous);

/// kOutOfRange: longer than Thread::kMaxName. kNoSuchThread.
Result<void> set_name(ThreadId thread, std::string_view name);
/// With its NUL. kOutOfRange: `size` bytes do not hold it.
Result<void> copy_name(ThreadId thread, char* name, std::size_t size);

struct ThreadProperties {
  void* stack = nullptr;  ///< its lowest byte
  std::size_t stack_bytes = 0;
  bool stack_is_lent = false;
  bool detached = false;
  CpuMask affinity = 0;
  sched::Scheduling scheduling;
};
/// kNoSuchThread; kNotSupported: nobody knows its stack, as main's.
Result<ThreadProperties> properties(ThreadId thread);

Result<void> set_scheduling(ThreadId thread, const sched::Scheduling& scheduling);
Result<sched::Scheduling> scheduling(ThreadId thread);

/// Where `thread` may run: errors of sched::set_affinity(), kNoSuchThread. Threads that it
/// makes begin with the same.
Result<void> set_affinity(ThreadId thread, CpuMask affinity);
/// Of the CPUs that there are; main's is all of them until it is set, though main begins on
/// the first and stays there. kNoSuchThread.
Result<CpuMask> affinity(ThreadId thread);
/// The name of the thread whose Thread::id() is `id`. kNoSuchThread.
Result<ThreadId> thread_with(std::uint32_t id);

/// What a thread runs when it ends before its time: newest first. Owned by the caller,
/// in place until it is popped or the thread has ended.
struct CleanupHandler {
  void (*function)(void* argument);
  void* argument;
  CleanupHandler* before;
};
void push_cleanup(CleanupHandler& handler);
/// The newest, which `handler` must be.
void pop_cleanup(CleanupHandler& handler);

/// `destroy(object)` is called when the calling thread ends, newest first, or when it
/// ends the program (Itanium C++ ABI, __cxa_thread_atexit). kNoMemory.
Result<void> at_thread_exit(void (*destroy)(void*), void* object);
/// Calls what at_thread_exit() was told by the calling thread, now.
void run_own_objects();

/// Thread-specific data (XSH pthread_key_create()).
inline constexpr std::uint32_t kMostKeys = 128;
/// kTryAgain: all are in use.
Result<std::uint32_t> create_key(void (*destroy)(void*));
/// kInvalidArgument: none. Destructors are not called.
Result<void> delete_key(std::uint32_t key);
/// kInvalidArgument: none; kNoMemory.
Result<void> set_value(std::uint32_t key, const void* value);
/// Null also for what is no key. Of a thread.
void* value(std::uint32_t key);

/// For Mutex: the calling thread has at least `priority` until it calls keep_ceilings().
/// kInvalidArgument where its own is above that; kNoMemory.
Result<void> raise_to(std::uint8_t priority);
/// The calling thread has the highest ceiling of those mutexes that it owns, or its own priority.
void keep_ceilings();

/// For Mutex and ReadWriteLock.
void hold(Mutex& mutex);
void release(Mutex& mutex);
std::uint32_t current_reads();
void count_read(int change);

}  // namespace atl::posix
