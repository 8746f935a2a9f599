// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "decode_trap.hpp"
#include "translation.hpp"

#include <atoll/arch/cpu_tables.hpp>
#include <atoll/arch/registers.hpp>
#include <cstdint>

namespace {

/// What a double fault interrupted is lost, and with it the exceptions that were
/// being handled: the next one may have their stack, less the slot that the
/// entry adds again on return.
void forget_exceptions() {
  auto& tables = *static_cast<atl::arch::CpuTables*>(atl::arch::Cpu::cpu_local().arch);
  tables.task_state.ist[1] = tables.exception_stack - atl::arch::kExceptionStackSlot;
}

}  // namespace

/// From exception_entry.S, on an IST stack with interrupts masked. `overflow`: the
/// interrupted code is a handler of exceptions that needs more than its slot.
extern "C" void atoll_x86_exception(atl::arch::TrapFrame& frame, bool overflow) {
  using namespace atl;
  const VirtAddr address{arch::read_cr2()};
  const bool guard = arch::entry_for(address).raw() == arch::kGuardEntry;
  arch::Trap trap = arch::decode_trap(frame, address, guard);
  if (overflow) {
    trap.name = "exception stack overflow";
    if (!guard) trap.kind = arch::TrapKind::kDoubleFault;
  }
  if (trap.execute && arch::Cpu::readable(trap.sp)) trap.caller = *trap.sp.as<VirtAddr>();
  if (trap.kind == arch::TrapKind::kDoubleFault) forget_exceptions();
  arch::handle_trap(trap);
}

namespace atl::arch {

VirtAddr program_counter(const TrapFrame& frame) { return VirtAddr{frame.rip}; }

void redirect(TrapFrame& frame, VirtAddr stack_top, void (*entry)()) {
  constexpr std::uint64_t kDirectionFlag = 1 << 10;
  frame.rip = reinterpret_cast<std::uint64_t>(entry);
  // As after a call: the return address would be at a multiple of 16.
  frame.rsp = stack_top.value() - sizeof(std::uint64_t);
  *VirtAddr{frame.rsp}.as<std::uint64_t>() = 0;
  frame.rbp = 0;
  frame.rflags &= ~kDirectionFlag;
}

}  // namespace atl::arch
