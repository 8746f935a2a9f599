// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/arch.hpp>
#include <atoll/vm_test.hpp>

#include <array>
#include <bit>

namespace {

using atl::VirtAddr;
using atl::arch::Context;
using atl::arch::Cpu;

alignas(16) std::array<std::byte, 8192> other_stack;
constinit Context tester;
constinit Context other;

VirtAddr other_top() { return VirtAddr::of(other_stack.data() + other_stack.size()); }

void spoil_floating_point(void*) {
  asm volatile(
      ".arch_extension fp\n\tfmov d8, xzr\n\tfmov d15, xzr\n\t"
      "mov x9, #0xc00000\n\tmsr fpcr, x9\n\tmsr fpsr, xzr" ::
          : "x9", "memory");
  atl::arch::switch_context(other, tester);
}

VM_TEST(Arm64Context, keeps_simd_and_floating_point_control) {
  atl::arch::prepare_context(other, other_top(), spoil_floating_point, nullptr);
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

// As a handler of an interrupt may do, which has no register of that kind.
VM_TEST(Arm64, counting_bits_leaves_simd_alone) {
  const volatile std::uint64_t many = 0xf000'0000'0010'0001;
  const volatile std::uint32_t few = 0x8000'0080;
  const volatile std::uint64_t all = ~std::uint64_t{0};
  asm volatile(".arch_extension fp\n\tfmov d0, %0" ::"r"(std::uint64_t{0x1234}));
  const int counted = std::popcount(many) * 10'000 + std::popcount(few) * 100 + std::popcount(all);
  std::uint64_t d0;
  asm volatile(".arch_extension fp\n\tfmov %0, d0" : "=r"(d0));
  VM_EXPECT_EQ(counted, 60'264);
  VM_EXPECT_EQ(d0, 0x1234u);
}

}  // namespace
