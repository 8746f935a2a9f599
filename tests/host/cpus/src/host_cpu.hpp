// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/arch.hpp>
#include <atoll/host/cpus.hpp>
#include <atomic>
#include <cstdint>

/// A machine of several CPUs, each a host thread.
namespace atl::host {

inline constexpr std::uint64_t kNotArmed = ~std::uint64_t{0};

/// One CPU. What other CPUs reach is atomic, and orders nothing between them as far as
/// TSan sees: an interrupt promises no more than that it comes.
struct HostCpu {
  CpuLocal early;  ///< until set_cpu_local()
  CpuLocal* local = &early;
  bool interrupts_enabled = false;
  std::uint64_t thread_pointer = 0;
  std::uint64_t random = 0;  ///< of disturb()

  std::atomic<std::uint64_t> alarm = kNotArmed;  ///< when its timer fires, in nanoseconds
  std::atomic<std::uint32_t> pending = 0;        ///< bit n: line n has an interrupt; a futex
  std::atomic<bool> started = false;
  std::atomic<bool> asleep = false;
};

/// The CPU that runs this. Asked again after everything that may take an interrupt, since
/// a thread may go on elsewhere then.
HostCpu& here();
/// That with `index`.
HostCpu& at(std::uint32_t index);

/// The calling host thread is the CPU with `index` from now on.
void become(std::uint32_t index);

/// Makes the interrupts `lines`, a bit each, pending at `cpu`, and wakes it.
void signal(HostCpu& cpu, std::uint32_t lines);

/// Takes the lines that are pending here, those of a timer that is due among them.
std::uint32_t take_pending();

/// Where interrupts are unmasked and one is pending, handles it; so it is called wherever
/// code under test could be interrupted. The thread may lose the CPU.
void interrupt_point();

/// Nanoseconds of the host's monotonic clock since the machine was switched on.
std::uint64_t ticks();

/// How many CPUs the machine has, the boot CPU with them.
std::uint32_t cpu_count();
void set_cpu_count(std::uint32_t count);

/// What set_relax_hook() was told last.
void (*relax_hook())();

/// The line of a CPU's timer; those of irq::Message follow it.
inline constexpr std::uint32_t kTimerLine = 0;

/// What TSan has to report: plain data that an interrupt takes to another CPU, with nothing
/// else to order it. What arrived.
std::uint64_t plant_race();

/// Says `why` on stderr and aborts.
[[noreturn]] void give_up(const char* why);

}  // namespace atl::host
