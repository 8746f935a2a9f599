// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/arch.hpp>
#include <atoll/trap.hpp>
#include <atoll/vm_test.hpp>

#include "counted.hpp"
#include "red_zone.hpp"

// Exceptions as they nest.
namespace {

using namespace atl;

VM_TEST(X86Exceptions, a_handler_resumes_and_the_red_zone_survives) {
  const Counted breakpoints{arch::TrapKind::kBreakpoint};
  VM_EXPECT(ATOLL_RED_ZONE_SURVIVES("int3"));
  VM_EXPECT_EQ(handled, 1);
}

VM_TEST(X86Exceptions, registers_survive_a_handler) {
  const Counted breakpoints{arch::TrapKind::kBreakpoint};
  std::uint64_t sum = 0;
  asm volatile(
      "mov $1, %%eax\n\tmov $2, %%ecx\n\tmov $3, %%edx\n\tmov $4, %%esi\n\tmov $5, %%edi\n\t"
      "mov $6, %%r8d\n\tmov $7, %%r9d\n\tmov $8, %%r10d\n\tmov $9, %%r11d\n\tmov $10, %%r12d\n\t"
      "mov $11, %%r13d\n\tmov $12, %%r14d\n\tmov $13, %%r15d\n\tmov $14, %%ebx\n\tint3\n\t"
      "add %%rcx, %%rax\n\tlea (%%rax,%%rdx,2), %%rax\n\tlea (%%rax,%%rsi,4), %%rax\n\t"
      "lea (%%rax,%%rdi,8), %%rax\n\tadd %%r8, %%rax\n\tlea (%%rax,%%r9,2), %%rax\n\t"
      "lea (%%rax,%%r10,4), %%rax\n\tlea (%%rax,%%r11,8), %%rax\n\tadd %%r12, %%rax\n\t"
      "lea (%%rax,%%r13,2), %%rax\n\tlea (%%rax,%%r14,4), %%rax\n\tlea (%%rax,%%r15,8), %%rax\n\t"
      "add %%rbx, %%rax"
      : "=&a"(sum)::"rbx", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13",
        "r14", "r15", "memory", "cc");
  VM_EXPECT_EQ(sum, 1u + 2 + 6 + 16 + 40 + 6 + 14 + 32 + 72 + 10 + 22 + 48 + 104 + 14);
}

bool skip_ud2(const arch::Trap& trap) {
  asm volatile("int3");
  trap.frame->rip += 2;
  ++handled;
  return true;
}

VM_TEST(X86Exceptions, an_exception_inside_a_handler_returns_to_it) {
  const Counted breakpoints{arch::TrapKind::kBreakpoint};
  const auto undefined = trap::set_handler(arch::TrapKind::kUndefinedInstruction, skip_ud2);
  asm volatile("ud2" ::: "memory");
  asm volatile("ud2" ::: "memory");
  trap::set_handler(arch::TrapKind::kUndefinedInstruction, undefined);
  VM_EXPECT_EQ(handled, 4);
}

bool fault_again(const arch::Trap&) {
  asm volatile("ud2");
  return true;
}

VM_TEST(X86Exceptions, overflow_of_the_exception_stack_is_a_double_fault) {
  const auto undefined = trap::set_handler(arch::TrapKind::kUndefinedInstruction, fault_again);
  VM_EXPECT_TRAP(kDoubleFault, asm volatile("ud2" ::: "memory"));
  VM_EXPECT_TRAP(kDoubleFault, asm volatile("ud2" ::: "memory"));
  trap::set_handler(arch::TrapKind::kUndefinedInstruction, undefined);
}

VM_TEST(X86Exceptions, a_stack_pointer_into_nowhere_is_reported_on_another_stack) {
  VM_EXPECT_TRAP(kPageFault, asm volatile("mov $0x1000, %%esp\n\tpush %%rax" ::: "memory"));
}

}  // namespace
