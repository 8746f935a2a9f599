// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include "cpu.hpp"

/// Which CPU runs which thread. No CPU idles while a thread that may run there is ready,
/// and none takes one from its queue while another queue's next is more important.
/// Interrupts masked, no lock of a CpuState held.
namespace atl::sched {

/// Puts `thread`, which has become ready, into the queue of a CPU, and sees to it that
/// the CPU learns of it. The thread may have run and gone when it returns.
void enqueue(Thread& thread);

/// A thread has used up its slice on this CPU: where others have fewer that wait, one of
/// those that wait here goes there.
void share(CpuState& cpu);

/// `thread` has another priority: it counts from now on, wherever the thread is.
void reconsider(Thread& thread);

/// `thread` has another affinity: it leaves the CPU, or its queue, where it may not be.
void relocate(Thread& thread);

/// Takes out what this CPU runs next; its thread that idles where there is nothing.
Thread& choose(CpuState& cpu);

/// The same, after `self`, the current thread, which stays ready, has been put into the
/// queue: behind those of its priority where it has used up its slice, else before them.
Thread& choose_in_place_of(Thread& self, CpuState& cpu, bool slice_used);

/// The current thread has the CPU, and `left`, which had it before, has left its stack
/// for any CPU to take.
void leave_behind(CpuState& cpu, Thread& left);

/// CPUs that run threads.
CpuMask online();
/// `cpu` is one of them from now on.
void go_online(CpuState& cpu);

/// Takes on the interrupts of enqueue(); before a second CPU goes online. Errors of
/// irq::Domain::connect().
Result<void> connect_placement();

}  // namespace atl::sched
