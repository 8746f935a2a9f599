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

// What the other context does with every register that a switch preserves.
void spoil(void* argument) {
  for (;;) {
    ++*static_cast<int*>(argument);
    const std::uint32_t mxcsr = 0x1fc0;    // denormals are zero
    const std::uint16_t control = 0x0c7f;  // round towards zero
    asm volatile("ldmxcsr %0\n\tfldcw %1" ::"m"(mxcsr), "m"(control));
    Cpu::set_thread_pointer(0x5a5a5a5a);
    atl::arch::switch_context(other, tester);
  }
}

void start_other(int& runs) {
  atl::arch::prepare_context(other, VirtAddr::of(other_stack.data() + other_stack.size()), spoil,
                             &runs);
}

VM_TEST(X86Context, starts_on_its_stack_with_its_argument) {
  int runs = 0;
  start_other(runs);
  const auto state = Cpu::disable_interrupts();
  atl::arch::switch_context(tester, other);
  VM_EXPECT_EQ(runs, 1);
  atl::arch::switch_context(tester, other);
  Cpu::restore_interrupts(state);
  VM_EXPECT_EQ(runs, 2);
}

VM_TEST(X86Context, keeps_floating_point_modes_and_thread_pointer) {
  int runs = 0;
  start_other(runs);
  const auto state = Cpu::disable_interrupts();
  const std::uint64_t pointer_before = Cpu::thread_pointer();
  Cpu::set_thread_pointer(0x1234'5678);
  atl::arch::switch_context(tester, other);
  std::uint32_t mxcsr = 0;
  std::uint16_t control = 0;
  asm volatile("stmxcsr %0\n\tfnstcw %1" : "=m"(mxcsr), "=m"(control));
  const std::uint64_t pointer = Cpu::thread_pointer();
  Cpu::set_thread_pointer(pointer_before);
  Cpu::restore_interrupts(state);
  VM_EXPECT_EQ(mxcsr & 0xffc0u, 0x1f80u);
  VM_EXPECT_EQ(control, 0x037fu);
  VM_EXPECT_EQ(pointer, 0x1234'5678u);
}

void check_alignment(void* argument) {
  // A frame begins with the saved rbp, 16 below the caller's aligned stack.
  *static_cast<std::uintptr_t*>(argument) =
      reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0)) % 16;
  atl::arch::switch_context(other, tester);
}

VM_TEST(X86Context, enters_with_the_stack_that_the_abi_wants) {
  std::uintptr_t remainder = 1;
  atl::arch::prepare_context(other, VirtAddr::of(other_stack.data() + other_stack.size()),
                             check_alignment, &remainder);
  const auto state = Cpu::disable_interrupts();
  atl::arch::switch_context(tester, other);
  Cpu::restore_interrupts(state);
  VM_EXPECT_EQ(remainder, 0u);
}

}  // namespace
