// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/arch.hpp>
#include <atoll/irq.hpp>
#include <atoll/vm_test.hpp>

#include "counted.hpp"
#include "red_zone.hpp"

// Exceptions inside interrupts.
namespace {

using namespace atl;

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
  const Counted breakpoints{arch::TrapKind::kBreakpoint};
  VM_EXPECT(ATOLL_RED_ZONE_SURVIVES("int $0x90"));
  irq::root().disconnect(kVector);
  VM_EXPECT_EQ(handled, 2);
}

}  // namespace
