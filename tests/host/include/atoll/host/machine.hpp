// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/types.hpp>
#include <cstdint>
#include <optional>

/// What a host test does to the CPU it runs on. All of it concerns the calling
/// host thread's CPU only.
namespace atl::host {

using Interrupt = void (*)(void* context);

/// Back to power-on: nothing pending, interrupts enabled, a fresh CpuLocal, no
/// hooks, cycle counter 0. Call it in SetUp().
void reset_machine();

/// Requests an interrupt: `handler(context)` runs masked, with interrupt_depth
/// raised, now where interrupts are enabled, else when they are next enabled.
void raise_interrupt(Interrupt handler, void* context);

/// Interrupts that were raised and not delivered yet.
std::size_t pending_interrupts();

/// Raises an interrupt at the `point`-th place (0: the next one) where the
/// code under test lets one in: just before it masks them, just after it
/// unmasks them, and while it waits for one. Calling it for 0, 1, 2 … until
/// the code no longer reaches the point tries every interleaving. A wait that
/// nothing else ends takes the interrupt early. One at a time.
void interrupt_at_point(std::uint64_t point, Interrupt handler, void* context);

/// Whether the interrupt of interrupt_at_point() has been delivered.
bool interrupt_point_reached();

/// Called when the CPU waits and nothing is pending: raises what ends the wait
/// (a fake timer moves its clock) and returns true, or returns false: then the
/// test is aborted, since a real CPU would sleep for ever.
void set_idle_handler(bool (*handler)());

/// What Cpu::hardware_random() gives; null: no such instruction.
void set_hardware_random(std::optional<std::uint64_t> (*source)());

/// What Cpu::cycle_counter() reads; it grows by one with each reading.
void set_cycle_counter(std::uint64_t value);

/// Calls of Cpu::invalidate_translations(), Cpu::publish_translations() and
/// Cpu::synchronize_code().
std::uint64_t invalidations();
std::uint64_t publications();
std::uint64_t code_synchronizations();

}  // namespace atl::host
