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
    asm volatile(
        ".arch_extension fp\n\tfmov d8, xzr\n\tfmov d15, xzr\n\t"
        "mov x9, #0xc00000\n\tmsr fpcr, x9\n\t"
        "msr fpsr, xzr\n\tmsr tpidr_el0, xzr" ::
            : "x9", "memory");
    atl::arch::switch_context(other, tester);
  }
}

void start_other(int& runs) {
  atl::arch::prepare_context(other, VirtAddr::of(other_stack.data() + other_stack.size()), spoil,
                             &runs);
}

VM_TEST(Arm64Context, starts_on_its_stack_with_its_argument) {
  int runs = 0;
  start_other(runs);
  const auto state = Cpu::disable_interrupts();
  atl::arch::switch_context(tester, other);
  atl::arch::switch_context(tester, other);
  Cpu::restore_interrupts(state);
  VM_EXPECT_EQ(runs, 2);
}

VM_TEST(Arm64Context, keeps_simd_and_floating_point_control) {
  int runs = 0;
  start_other(runs);
  const auto state = Cpu::disable_interrupts();
  std::uint64_t before;
  asm volatile("mrs %0, fpcr" : "=r"(before));
  asm volatile(
      ".arch_extension fp\n\tfmov d8, %0\n\tfmov d15, %1\n\tmsr fpcr, %2\n\tmsr fpsr, %3" ::"r"(
          std::uint64_t{0x1111}),
      "r"(std::uint64_t{0x2222}), "r"(std::uint64_t{1u << 24}), "r"(std::uint64_t{1}));
  atl::arch::switch_context(tester, other);
  std::uint64_t d8;
  std::uint64_t d15;
  std::uint64_t control;
  std::uint64_t status;
  asm volatile(".arch_extension fp\n\tfmov %0, d8\n\tfmov %1, d15\n\tmrs %2, fpcr\n\tmrs %3, fpsr"
               : "=r"(d8), "=r"(d15), "=r"(control), "=r"(status));
  asm volatile("msr fpcr, %0" ::"r"(before));
  Cpu::restore_interrupts(state);
  VM_EXPECT_EQ(d8, 0x1111u);
  VM_EXPECT_EQ(d15, 0x2222u);
  VM_EXPECT_EQ(control, 1u << 24);
  VM_EXPECT_EQ(status, 1u);
}

VM_TEST(Arm64Context, keeps_the_program_thread_pointer) {
  int runs = 0;
  start_other(runs);
  const auto state = Cpu::disable_interrupts();
  const std::uint64_t before = Cpu::thread_pointer();
  Cpu::set_thread_pointer(0x1234'5670);
  atl::arch::switch_context(tester, other);
  const std::uint64_t after = Cpu::thread_pointer();
  Cpu::set_thread_pointer(before);
  Cpu::restore_interrupts(state);
  VM_EXPECT_EQ(after, 0x1234'5670u);
}

}  // namespace
