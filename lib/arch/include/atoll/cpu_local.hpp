// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/config/arch.hpp>
#include <cstddef>
#include <cstdint>

namespace atl {

class Thread;

namespace arch {
struct TrapFrame;
}

/// CPUs that this image can run on (option ARCH_MAX_CPUS).
inline constexpr std::uint32_t kMaxCpus = config::arch::kMaxCpus;

/// What each CPU has of its own. Reached by arch::cpu_local(): GS base on
/// x86_64, TPIDR_EL1 on arm64; never through the program's thread pointer.
///
/// Assembly knows the offsets of the first three members; cpu_local.hpp's
/// owner is the arch interface and every provider asserts them.
struct CpuLocal {
  CpuLocal* self = nullptr;           ///< offset 0: x86_64 reads it by %gs:0
  Thread* current_thread = nullptr;   ///< offset 8: owned by sched; null before sched's boot step
  void* arch = nullptr;               ///< offset 16: the arch provider's own block (TSS, vectors)
  std::uint32_t index = 0;            ///< 0 .. kMaxCpus - 1; the boot CPU is 0
  std::uint32_t interrupt_depth = 0;  ///< > 0 while an interrupt handler runs
  /// The scheduler's, while it wants this CPU for another thread; null while it
  /// does not. Called on the way out of an interrupt that is not nested, with what
  /// it interrupted, and by a thread that unmasks interrupts, with null. Whoever idles
  /// on a thread's stack keeps it null meanwhile (docs/schedulers.md).
  void (*reschedule)(arch::TrapFrame* interrupted) = nullptr;
};

}  // namespace atl
