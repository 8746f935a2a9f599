// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/arch.hpp>
#include <atoll/irq.hpp>
#include <atoll/trap.hpp>
#include <atoll/vm_test.hpp>

#include "red_zone.hpp"

// Exceptions inside interrupts.
namespace {

using namespace atl;

constinit int handled = 0;

bool count(const arch::Trap&) {
  ++handled;
  return true;
}

constexpr std::uint32_t kVector = 0x90;

void fault_in_interrupt(void*) {
  asm volatile("int3");
  ++handled;
}

VM_TEST(X86Exceptions, an_exception_inside_an_interrupt_returns_to_it) {
  if (!irq::root().connect(kVector, irq::Trigger::kEdgeRising, fault_in_interrupt, nullptr).ok()) {
    VM_SKIP("no controller takes vectors in this image");
  }
  irq::root().unmask(kVector);
  handled = 0;
  const auto breakpoint = trap::set_handler(arch::TrapKind::kBreakpoint, count);
  const auto state = arch::Cpu::disable_interrupts();
  VM_EXPECT(ATOLL_RED_ZONE_SURVIVES("int $0x90"));
  arch::Cpu::restore_interrupts(state);
  trap::set_handler(arch::TrapKind::kBreakpoint, breakpoint);
  irq::root().disconnect(kVector);
  VM_EXPECT_EQ(handled, 2);
}

}  // namespace
