// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <atoll/arch/trap_frame.hpp>
#include <atoll/cpu_local.hpp>
#include <atoll/types.hpp>
#include <cstddef>

namespace atl::arch {

/// Where a CPU takes exceptions: SP_EL1 starts at the end of `stack` and runs
/// downwards; whoever maps the image leaves `guard` unmapped.
///
/// The size and the order are the overflow test: inside `stack`, and nowhere
/// else in a block, bit 13 of an address is set. The entry's assembly knows it.
struct alignas(4 * kPageSize) ExceptionStack {
  std::array<std::byte, kPageSize> overflow;  ///< the last resort: reports that `stack` overflowed
  std::array<std::byte, kPageSize> guard;
  std::array<std::byte, 2 * kPageSize> stack;

  [[nodiscard]] VirtAddr top() const { return VirtAddr::of(this) + sizeof(ExceptionStack); }
};

static_assert(sizeof(ExceptionStack) == 0x4000 && offsetof(ExceptionStack, stack) == 0x2000);

/// One per CPU; contents undefined at boot. The entry runs on the first one.
extern std::array<ExceptionStack, kMaxCpus> exception_stacks asm("atoll_arm64_exception_stacks");

/// What an exception means before the CPU has a CpuLocal: the platform's entry
/// sets it first. `name` as in Trap; the CPU halts when it returns.
using EntryTrap = void (*)(const TrapFrame& frame, const char* name);
extern EntryTrap entry_trap;

}  // namespace atl::arch
