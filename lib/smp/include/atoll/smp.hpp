// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/result.hpp>
#include <cstdint>

/// The CPUs that run. Valid once the program starts; in an image for one CPU this
/// library is not there.
namespace atl::smp {

/// CPUs by index: bit n is the one with index n. The boot CPU is 0.
using Cpus = std::uint64_t;

/// Those that run; it does not change while the program runs. Any context.
Cpus running();

/// Calls `function(argument)` on each CPU of `cpus` that runs, the caller's own too if it
/// is one of them, in interrupt context, at the same time; returns when all have. By a
/// thread with interrupts unmasked that holds no spin lock; spins until the last has
/// answered, and keeps its CPU.
void call(Cpus cpus, void (*function)(void* argument), void* argument);

}  // namespace atl::smp
