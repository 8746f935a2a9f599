// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/arch.hpp>
#include <atoll/vm_test.hpp>
#include <cstdint>

extern "C" const char atoll_x86_halt[];
extern "C" void atoll_x86_interrupt(atl::arch::TrapFrame& frame);

namespace x86_halt_vm_test {

using namespace atl;

/// Where the interrupted code goes on, told as if it was interrupted at `at`.
std::uint64_t resumed(std::uint64_t at) {
  constexpr std::uint64_t kSpuriousVector = 255;  // of which nobody takes notice
  arch::TrapFrame frame{};
  frame.vector = kSpuriousVector;
  frame.rip = at;
  frame.rflags = 1 << 9;  // IF
  const auto state = arch::Cpu::disable_interrupts();
  atoll_x86_interrupt(frame);
  arch::Cpu::restore_interrupts(state);
  return frame.rip;
}

// As an emulator of nested virtual machines lets it happen, once in some ten thousand.
VM_TEST(X86Halt, an_interrupt_between_sti_and_hlt_is_not_slept_over) {
  const auto halt = reinterpret_cast<std::uint64_t>(&atoll_x86_halt[0]);
  VM_EXPECT_EQ(resumed(halt), halt + 1);
  VM_EXPECT_EQ(resumed(halt + 1), halt + 1);
  VM_EXPECT_EQ(resumed(halt - 1), halt - 1);
}

}  // namespace x86_halt_vm_test
