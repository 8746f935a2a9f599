// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/panic.hpp>
#include <atoll/stack_protector.hpp>

extern "C" {

// Read by every protected function. The section is writable while the entry
// runs and read-only afterwards. Without set() it is a constant, which still
// finds accidents.
[[gnu::section(".data.rel.ro.stack_protector")]] constinit std::uintptr_t __stack_chk_guard =
    0x5bd1e995'7f4a7c00;

[[noreturn]] void __stack_chk_fail();

/// Called in place of the return of a function whose canary was overwritten;
/// the backtrace names it after this one.
void __stack_chk_fail() {
  atl::panic("stack smashing detected: a function wrote past its arrays", nullptr, 0);
}

}  // extern "C"

namespace atl::stack_protector {

void set(std::uint64_t entropy) {
  // A zero byte ends a string copied over it (both architectures are
  // little-endian: the lowest byte comes first).
  __stack_chk_guard = entropy & ~std::uint64_t{0xff};
}

}  // namespace atl::stack_protector
