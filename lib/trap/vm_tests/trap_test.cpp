// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/trap.hpp>
#include <atoll/types.hpp>
#include <atoll/vm_test.hpp>

namespace {

using atl::VirtAddr;
using atl::arch::Trap;
using atl::arch::TrapKind;

volatile unsigned char data_byte = 1;
// Not volatile: the compiler puts volatile constants beside writable data.
const unsigned char constant_byte = 1;

void function() {}

void poke(VirtAddr address) { *address.as<volatile unsigned char>() = 1; }
unsigned char peek(VirtAddr address) { return *address.as<volatile unsigned char>(); }
void call(VirtAddr address) { reinterpret_cast<void (*)()>(address.value())(); }

// Known to the compiler as any address, not as null.
VirtAddr null() {
  volatile std::uint64_t zero = 0;
  return VirtAddr{zero};
}

[[gnu::noinline]] int deeper(volatile int* depth) {
  volatile char room[256] = {};
  *depth = *depth + 1;
  return *depth > 1'000'000 ? room[1] : deeper(depth) + room[0];
}

bool remember(const Trap&) { return false; }

}  // namespace

VM_TEST(Trap, page_0_is_not_mapped) {
  VM_EXPECT_TRAP(kPageFault, peek(null()));
  VM_EXPECT_TRAP(kPageFault, poke(null() + 0xfff));
  VM_EXPECT_TRAP(kPageFault, call(null()));
}

VM_TEST(Trap, code_and_constants_are_read_only) {
  const VirtAddr code{reinterpret_cast<std::uintptr_t>(&function)};
  VM_EXPECT_TRAP(kPageFault, poke(code));
  VM_EXPECT_TRAP(kPageFault, poke(VirtAddr::of(&constant_byte)));
}

VM_TEST(Trap, data_and_stacks_are_not_executable) {
  VM_EXPECT_TRAP(kPageFault, call(VirtAddr::of(&data_byte)));
  volatile unsigned char on_stack[16] = {};
  VM_EXPECT_TRAP(kPageFault, call(VirtAddr::of(&on_stack[0])));
}

VM_TEST(Trap, an_endless_recursion_meets_the_guard_page) {
  volatile int depth = 0;
  VM_EXPECT_TRAP(kStackOverflow, deeper(&depth));
  VM_EXPECT_GT(depth, 10);
}

VM_TEST(Trap, a_statement_without_a_trap_returns) {
  bool ran = false;
  const bool trapped = atl::vm_test::traps(
      TrapKind::kPageFault, [](void* flag) { *static_cast<bool*>(flag) = true; }, &ran);
  VM_EXPECT(!trapped);
  VM_EXPECT(ran);
}

VM_TEST(Trap, set_handler_gives_back_the_one_before) {
  using atl::trap::set_handler;
  const auto before = set_handler(TrapKind::kBreakpoint, remember);
  VM_EXPECT(set_handler(TrapKind::kBreakpoint, nullptr) == remember);
  VM_EXPECT(set_handler(TrapKind::kBreakpoint, before) == nullptr);
}

VM_TEST(Trap, works_a_thousand_times) {
  for (int i = 0; i < 1000; ++i) VM_EXPECT_TRAP(kPageFault, poke(null()));
}
