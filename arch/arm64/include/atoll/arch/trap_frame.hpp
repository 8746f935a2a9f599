// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace atl::arch {

/// What the exception entry saves, on the exception stack (SP_EL1). A handler
/// may change it: registers, sp, pc and pstate are loaded back on return.
///
/// The entry's assembly knows this layout.
struct TrapFrame {
  std::array<std::uint64_t, 31> x;  ///< x0 .. x30
  std::uint64_t sp;      ///< of the interrupted code; loaded back only where that was SP_EL0
  std::uint64_t pc;      ///< ELR_EL1
  std::uint64_t pstate;  ///< SPSR_EL1
  std::uint64_t esr;     ///< ESR_EL1, of a synchronous exception or an SError
  std::uint64_t far;     ///< FAR_EL1, of aborts and alignment faults
};

static_assert(offsetof(TrapFrame, sp) == 248 && offsetof(TrapFrame, pc) == 256 &&
              offsetof(TrapFrame, esr) == 272 && sizeof(TrapFrame) == 288);

}  // namespace atl::arch
