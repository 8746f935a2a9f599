// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <cstddef>

/// Each does its operation `times` times, after what it needs once.
namespace operations {

/// A switch to another thread, and what it takes to ask for it.
void yield(unsigned times);
/// A thread that does nothing, from its creation to its join.
void create_and_join(unsigned times);
/// lock() and unlock() of a Mutex that nobody else wants.
void lock_and_unlock(unsigned times);
/// From the wake-up of a waiting thread until it runs, and the waker waits.
void wake_to_run(unsigned times);

/// A block of `bytes`, and back.
void allocate_and_free(unsigned times, std::size_t bytes);
/// One step of a mix of allocations of all sizes, of which some live long.
void allocation_mix(unsigned times);
/// All of what a program asked of malloc, as trace/ has recorded it.
void replay_trace(unsigned times);

/// A timer, among `pending` others that are armed.
void arm_and_cancel(unsigned times, unsigned pending);

}  // namespace operations
