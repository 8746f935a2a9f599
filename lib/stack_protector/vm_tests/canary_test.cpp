// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/vm_test.hpp>

#include <cstdint>

extern "C" std::uintptr_t __stack_chk_guard;

VM_TEST(StackProtector, the_canary_was_chosen_and_stops_strings) {
  VM_EXPECT_NE(__stack_chk_guard, std::uintptr_t{0});
  VM_EXPECT_NE(__stack_chk_guard, std::uintptr_t{0x5bd1e995'7f4a7c00});
  VM_EXPECT_EQ(__stack_chk_guard & 0xff, std::uintptr_t{0});
}

VM_TEST(StackProtector, the_canary_is_read_only) {
  VM_EXPECT_TRAP(kPageFault, *const_cast<volatile std::uintptr_t*>(&__stack_chk_guard) = 1);
}
