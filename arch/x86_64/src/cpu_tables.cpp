// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "control_flow.hpp"
#include "idt.hpp"

#include <atoll/arch.hpp>
#include <atoll/arch/cpu_tables.hpp>

namespace atl::arch {

namespace {

// Flat 64-bit segments, accessed already (Intel SDM 3A §3.4.5, §5.2.1).
constexpr std::uint64_t kCodeSegment = 0x00af'9b00'0000'ffff;
constexpr std::uint64_t kDataSegment = 0x00cf'9300'0000'ffff;

/// The lower half of the descriptor of an available 64-bit task state at
/// `base` (Intel SDM 3A §7.2.3); the upper half is the upper half of `base`.
constexpr std::uint64_t task_descriptor(std::uint64_t base) {
  constexpr std::uint64_t kPresentTaskState = 0x89;
  return (sizeof(TaskState) - 1) | (base & 0xff'ffff) << 16 | kPresentTaskState << 40 |
         (base >> 24 & 0xff) << 56;
}

void load_gdt(const CpuTables& tables) {
  const struct [[gnu::packed]] {
    std::uint16_t limit;
    std::uint64_t base;
  } table{sizeof tables.gdt - 1, reinterpret_cast<std::uint64_t>(tables.gdt.data())};
  asm volatile(
      "lgdt %[table]\n\t"
      "pushq %[code]\n\t"
      "leaq 1f(%%rip), %%rax\n\t"
      "pushq %%rax\n\t"
      "lretq\n"
      "1:\n\t"
      "movl %[data], %%ds\n\t"
      "movl %[data], %%es\n\t"
      "movl %[data], %%ss\n\t"
      "movl %[none], %%fs\n\t"
      "movl %[none], %%gs\n\t"
      "ltr %w[task]" ::[table] "m"(table),
      [code] "i"(kCodeSelector), [data] "r"(std::uint32_t{kDataSelector}), [none] "r"(0),
      [task] "r"(std::uint32_t{kTaskSelector})
      : "rax", "memory");
}

}  // namespace

void init_cpu(CpuLocal& local, CpuTables& tables, const ExceptionStacks& stacks) {
  TaskState& state = tables.task_state;
  state.io_map = sizeof(TaskState);
  state.ist[0] = stacks.interrupt.value();
  state.ist[1] = tables.exception_stack = stacks.exception.value();
  state.ist[2] = stacks.double_fault.value();
  state.ist[3] = stacks.non_maskable.value();
  const auto base = reinterpret_cast<std::uint64_t>(&state);
  tables.gdt = {0, kCodeSegment, kDataSegment, task_descriptor(base), base >> 32};
  load_gdt(tables);

  local.arch = &tables;
  Cpu::set_cpu_local(local);

  if (local.index == 0) set_exception_gates();
  load_idt();
  protect_control_flow();
}

}  // namespace atl::arch
