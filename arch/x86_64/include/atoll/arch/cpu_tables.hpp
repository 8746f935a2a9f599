// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <atoll/cpu_local.hpp>
#include <atoll/types.hpp>
#include <cstddef>
#include <cstdint>

namespace atl::arch {

/// The 64-bit task state, of which only the Interrupt Stack Table counts here
/// (Intel SDM 3A §7.7, §6.14.5).
struct [[gnu::packed]] TaskState {
  std::uint32_t reserved0;
  std::array<std::uint64_t, 3> rsp;
  std::uint64_t reserved1;
  std::array<std::uint64_t, 7> ist;
  std::uint64_t reserved2;
  std::uint16_t reserved3;
  std::uint16_t io_map;  ///< its own size: there is no I/O permission map
};

/// What a CPU needs in memory to take exceptions; CpuLocal::arch points to it.
/// All zeros before init_cpu().
struct alignas(128) CpuTables {
  TaskState task_state;              ///< the exception entry moves its ist[1]
  std::array<std::uint64_t, 5> gdt;  ///< null, code, data, task state (two words)
  std::uint64_t exception_stack;     ///< where ist[1] stands while no exception runs
};

static_assert(sizeof(TaskState) == 104 && offsetof(TaskState, ist) == 36);
// exception_entry.S knows them.
static_assert(offsetof(CpuTables, task_state) == 0 && offsetof(CpuTables, exception_stack) == 144 &&
              offsetof(CpuLocal, arch) == 16);

/// The ends of the stacks that exceptions and interrupts enter on, so that none
/// is ever delivered below the interrupted stack pointer. Each has an unmapped
/// page under it.
struct ExceptionStacks {
  VirtAddr interrupt;
  VirtAddr exception;     ///< page faults and every exception not named here
  VirtAddr double_fault;  ///< and machine checks
  VirtAddr non_maskable;
};

/// The stack of exceptions. Each one inside an exception handler starts a slot
/// below the one around it; where no room is left, the next one becomes a double
/// fault. exception_entry.S knows both.
inline constexpr std::size_t kExceptionStackSlot = 4096;
inline constexpr PageCount kExceptionStackPages{2};

/// The stack of interrupts, whose handlers are not interrupted.
inline constexpr PageCount kInterruptStackPages{2};

/// Makes `tables` this CPU's GDT and task state, loads the IDT and sets `local`
/// as what cpu_local() gives, with `tables` as its `arch`. Once per CPU, with
/// interrupts masked, where code and `tables` are mapped for good.
void init_cpu(CpuLocal& local, CpuTables& tables, const ExceptionStacks& stacks);

/// Switches on what the image relies on: no-execute, write protection in ring
/// 0, SSE, and, where the CPU has them, SMEP, SMAP, UMIP and RDFSBASE. Once per
/// CPU, before its final page table is loaded; runs at any address. False when
/// the CPU lacks no-execute pages: nothing may run on it.
[[nodiscard]] bool enable_cpu_features();

}  // namespace atl::arch
