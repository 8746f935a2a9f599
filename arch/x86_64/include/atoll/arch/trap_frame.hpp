// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <cstddef>
#include <cstdint>

namespace atl::arch {

/// What the exception or interrupt entry saves, on an IST stack. A handler may
/// change it: everything but vector and error is loaded back on return.
///
/// The entry's assembly knows this layout; from rip on it is the CPU's own
/// (Intel SDM 3A §6.14.2).
struct TrapFrame {
  std::uint64_t r15, r14, r13, r12, r11, r10, r9, r8;
  std::uint64_t rbp, rdi, rsi, rdx, rcx, rbx, rax;
  std::uint64_t vector;
  std::uint64_t error;  ///< 0 for vectors without an error code
  std::uint64_t rip, cs, rflags, rsp, ss;
};

static_assert(offsetof(TrapFrame, vector) == 120 && offsetof(TrapFrame, rip) == 136 &&
              sizeof(TrapFrame) == 176);

}  // namespace atl::arch
