// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "idt.hpp"

#include <atoll/arch.hpp>
#include <atoll/arch/interrupt_gates.hpp>
#include <atoll/assert.hpp>

#include "entry_stubs.inc"

extern "C" const char atoll_x86_interrupt_stubs[];
extern "C" const char atoll_x86_halt[];

/// From interrupt_entry.S, on the interrupt stack with interrupts masked.
extern "C" void atoll_x86_interrupt(atl::arch::TrapFrame& frame) {
  // Emulated SVM may deliver one twice (QEMU's VMRUN, docs/xen.md): the second overwrites
  // what the first had saved, and the handler would return into itself for ever.
  if (!atl::arch::Cpu::allows_interrupts(frame.rflags))
    atl::assertion_failed("an interrupt came while interrupts were masked");
  // No interrupt comes between STI and HLT, unless the guest left for its hypervisor
  // there and that forgot about it: emulated SVM does (QEMU's VMRUN), and a restored
  // snapshot may. What the interrupt was for would be slept over.
  if (frame.rip == reinterpret_cast<std::uint64_t>(&atoll_x86_halt[0])) ++frame.rip;
  atl::arch::handle_interrupt(static_cast<std::uint32_t>(frame.vector), frame);
}

namespace atl::arch {

void open_interrupt_gate(std::uint8_t vector) {
  constexpr std::uint8_t kFirst = 32;
  ATOLL_ASSERT(vector >= kFirst);
  const std::uint64_t line = vector - kFirst;
  set_gate(vector, Gate::to(reinterpret_cast<std::uint64_t>(&atoll_x86_interrupt_stubs[0]) +
                                line * ATOLL_INTERRUPT_STUB + line / ATOLL_INTERRUPT_GROUP * 8,
                            StackIndex::kInterrupt));
}

}  // namespace atl::arch
