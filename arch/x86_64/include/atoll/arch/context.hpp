// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <cstdint>

namespace atl::arch {

/// A thread that does not run. What a call preserves lies on its own stack from
/// `sp` upwards: MXCSR and the x87 control word, FS base, r15..r12, rbx, rbp,
/// the return address (System V ABI, AMD64 supplement §3.2.1).
struct Context {
  std::uintptr_t sp = 0;
};

// The name that switch.S gives it; <atoll/arch.hpp> says what it owes.
void switch_context(Context& from, Context& to) asm("atoll_x86_switch_context");

}  // namespace atl::arch
