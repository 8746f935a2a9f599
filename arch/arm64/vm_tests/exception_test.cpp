// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/arch.hpp>
#include <atoll/arch/exception_stack.hpp>
#include <atoll/vm_test.hpp>

namespace {

using atl::VirtAddr;
using atl::arch::Cpu;

std::uint64_t stack_select() {
  std::uint64_t value;
  asm volatile("mrs %0, spsel" : "=r"(value));
  return value;
}

VM_TEST(Arm64Exceptions, threads_run_on_sp_el0) { VM_EXPECT_EQ(stack_select(), 0u); }

VM_TEST(Arm64Exceptions, the_lower_half_is_not_mapped) {
  for (const std::uint64_t address : {std::uint64_t{0x4020'0000}, std::uint64_t{8}}) {
    auto* const at = VirtAddr{address}.as<volatile char>();
    VM_EXPECT_TRAP(kPageFault, static_cast<void>(*at));
    VM_EXPECT_TRAP(kPageFault, *at = 1);
  }
}

VM_TEST(Arm64Exceptions, the_hardware_checks_what_the_tables_promise) {
  // SCTLR_EL1.WXN: what is writable is not executable; SA: SP is aligned, which
  // software emulation does not check.
  std::uint64_t control;
  asm volatile("mrs %0, sctlr_el1" : "=r"(control));
  VM_EXPECT_NE(control & (1u << 19), 0u);
  VM_EXPECT_NE(control & (1u << 3), 0u);
}

VM_TEST(Arm64Exceptions, a_guard_page_is_a_stack_overflow) {
  auto* guard = atl::arch::exception_stacks[0].guard.data();
  VM_EXPECT_TRAP(kStackOverflow, *reinterpret_cast<volatile char*>(guard + 100) = 1);
}

VM_TEST(Arm64Exceptions, an_undefined_instruction_is_one) {
  VM_EXPECT_TRAP(kUndefinedInstruction, asm volatile("udf #0"));
}

VM_TEST(Arm64Cpu, readable_tells_what_is_mapped) {
  VM_EXPECT(Cpu::readable(atl::arch::exception_stacks[0].top() - 8));
  VM_EXPECT(!Cpu::readable(VirtAddr::of(atl::arch::exception_stacks[0].guard.data())));
  for (const std::uint64_t address :
       {std::uint64_t{0}, std::uint64_t{3}, 0xffff'c000'0000'0000, ~std::uint64_t{15}}) {
    VM_EXPECT(!Cpu::readable(VirtAddr{address}));
  }
}

VM_TEST(Arm64Cpu, the_counter_runs) {
  const std::uint64_t first = Cpu::cycle_counter();
  std::uint64_t last = first;
  for (int i = 0; i < 1'000'000 && last == first; ++i) last = Cpu::cycle_counter();
  VM_EXPECT_GT(last, first);
}

}  // namespace
