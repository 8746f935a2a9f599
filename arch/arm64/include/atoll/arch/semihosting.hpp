// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <cstdint>

namespace atl::arch {

/// Ends the debugger or emulator that answers semihosting calls with `status`
/// (Arm IHI 0072, "Semihosting for AArch32 and AArch64", SYS_EXIT). An undefined
/// instruction, or a debug halt, where nobody answers.
inline void semihosting_exit(std::uint8_t status) {
  constexpr std::uint64_t kExit = 0x18;
  const struct {
    std::uint64_t reason;
    std::uint64_t status;
  } block{0x20026, status};  // ADP_Stopped_ApplicationExit
  register std::uint64_t x0 asm("x0") = kExit;
  register const void* x1 asm("x1") = &block;
  asm volatile("hlt #0xf000" : "+r"(x0) : "r"(x1) : "memory");
}

}  // namespace atl::arch
