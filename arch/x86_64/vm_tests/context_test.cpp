// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/arch.hpp>
#include <atoll/vm_test.hpp>

#include <array>

namespace {

using atl::VirtAddr;
using atl::arch::Context;
using atl::arch::Cpu;

alignas(16) std::array<std::byte, 8192> other_stack;
constinit Context tester;
constinit Context other;

VirtAddr other_top() { return VirtAddr::of(other_stack.data() + other_stack.size()); }

void visit_other() {
  const auto state = Cpu::disable_interrupts();
  atl::arch::switch_context(tester, other);
  Cpu::restore_interrupts(state);
}

void spoil_floating_point_modes(void*) {
  const std::uint32_t mxcsr = 0x1fc0;    // denormals are zero
  const std::uint16_t control = 0x0c7f;  // round towards zero
  asm volatile("ldmxcsr %0\n\tfldcw %1" ::"m"(mxcsr), "m"(control));
  atl::arch::switch_context(other, tester);
}

VM_TEST(X86Context, keeps_floating_point_modes) {
  atl::arch::prepare_context(other, other_top(), spoil_floating_point_modes, nullptr);
  visit_other();
  std::uint32_t mxcsr = 0;
  std::uint16_t control = 0;
  asm volatile("stmxcsr %0\n\tfnstcw %1" : "=m"(mxcsr), "=m"(control));
  VM_EXPECT_EQ(mxcsr & 0xffc0u, 0x1f80u);
  VM_EXPECT_EQ(control, 0x037fu);
}

void check_alignment(void* argument) {
  // A frame begins with the saved rbp, 16 below the caller's aligned stack.
  *static_cast<std::uintptr_t*>(argument) =
      reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0)) % 16;
  atl::arch::switch_context(other, tester);
}

VM_TEST(X86Context, enters_with_the_stack_that_the_abi_wants) {
  std::uintptr_t remainder = 1;
  atl::arch::prepare_context(other, other_top(), check_alignment, &remainder);
  visit_other();
  VM_EXPECT_EQ(remainder, 0u);
}

}  // namespace
