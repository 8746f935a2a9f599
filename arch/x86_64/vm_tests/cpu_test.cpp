// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/arch.hpp>
#include <atoll/arch/registers.hpp>
#include <atoll/vm_test.hpp>

namespace {

using atl::VirtAddr;
using atl::arch::Cpu;

VM_TEST(X86Cpu, protections_are_on) {
  VM_EXPECT_NE(atl::arch::read_cr0() & atl::arch::cr0::kWriteProtect, 0u);
  VM_EXPECT_NE(atl::arch::read_msr(atl::arch::msr::kEfer) & atl::arch::kEferNoExecute, 0u);
}

VM_TEST(X86Cpu, sse_works) {
  double value = 1.5;
  asm volatile("movsd %0, %%xmm0\n\taddsd %%xmm0, %%xmm0\n\tmovsd %%xmm0, %0" : "+m"(value));
  std::uint64_t bits = 0;
  __builtin_memcpy(&bits, &value, sizeof bits);
  VM_EXPECT_EQ(bits, 0x4008'0000'0000'0000u);
}

VM_TEST(X86Cpu, the_counter_runs) {
  const std::uint64_t first = Cpu::cycle_counter();
  std::uint64_t last = first;
  for (int i = 0; i < 1'000'000 && last == first; ++i) last = Cpu::cycle_counter();
  VM_EXPECT_GT(last, first);
}

VM_TEST(X86Cpu, an_undefined_instruction_is_one) {
  VM_EXPECT_TRAP(kUndefinedInstruction, asm volatile("ud2"));
}

VM_TEST(X86Cpu, a_division_by_zero_is_one) {
  VM_EXPECT_TRAP(kDivideError, asm volatile("xor %%ecx, %%ecx\n\tdivl %%ecx" ::
                                                : "eax", "ecx", "edx"));
}

VM_TEST(X86Cpu, an_address_that_is_none_is_a_protection_fault) {
  auto* const at = VirtAddr{0x0080'0000'0000'0000}.as<volatile char>();
  VM_EXPECT_TRAP(kProtection, *at = 1);
}

VM_TEST(X86Cpu, an_interrupt_through_a_closed_gate_is_no_reset) {
  VM_EXPECT_TRAP(kProtection, asm volatile("int $251"));
}

VM_TEST(X86Cpu, readable_tells_what_is_mapped) {
  const int here = 0;
  VM_EXPECT(Cpu::readable(VirtAddr::of(&here)));
  for (const std::uint64_t address : {std::uint64_t{0}, std::uint64_t{0x0080'0000'0000'0000},
                                      0xffff'c000'0000'0000, ~std::uint64_t{7}}) {
    VM_EXPECT(!Cpu::readable(VirtAddr{address}));
  }
}

}  // namespace
