// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/sched.hpp>

/// The threads of an image, but for which of them runs: what is the same in every
/// scheduler whose ProviderThread is a StackedThread. For schedulers only.
namespace atl::sched::threads {

/// The main thread, default-constructed, first of the list, and makes it the current one; once, in
/// the scheduler's boot step.
Thread& adopt_main();

/// A thread that is the context which runs, on the stack it is on, and the current one of
/// this CPU: what idles on a further CPU. Never listed, never destroyed. kNoMemory.
/// Interrupts masked.
Result<Thread*> adopt_idle();

/// A thread with its memory (default_allocator()), its stack, between guard pages (vm)
/// unless it is lent, and a context in which `first` starts, interrupts masked, which calls run().
/// Not listed yet, and not ready. kNoMemory. By a thread.
Result<Thread*> allocate(const ThreadOptions& options, Entry entry, void* argument,
                         void (*first)(void*));

/// From here on for_each() visits it. Interrupts masked.
void announce(Thread& thread);
/// From here on it does not: it has exited. Interrupts masked.
void forget(Thread& thread);

/// What `first` ends with: the current thread's entry, with the interrupts that its
/// creator had, then its exit.
[[noreturn]] void run();

/// Frees a thread that is not listed, and on whose stack no CPU is. By a thread, interrupts
/// masked or not.
void destroy(Thread& thread);

/// SchedulerContract's.
void for_each(void (*visit)(Thread&, void*), void* context);

}  // namespace atl::sched::threads
