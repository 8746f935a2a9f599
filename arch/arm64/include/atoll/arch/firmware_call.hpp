// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <cstdint>

namespace atl::arch {

/// How the firmware is called (SMC Calling Convention, Arm DEN 0028).
enum class Conduit : std::uint8_t { kHvc, kSmc };

/// Calls firmware function `function` with three arguments; x0 of the result.
inline std::uint64_t firmware_call(Conduit conduit, std::uint32_t function, std::uint64_t a = 0,
                                   std::uint64_t b = 0, std::uint64_t c = 0) {
  register std::uint64_t x0 asm("x0") = function;
  register std::uint64_t x1 asm("x1") = a;
  register std::uint64_t x2 asm("x2") = b;
  register std::uint64_t x3 asm("x3") = c;
  // Version 1.0 of the convention lets the callee change x4..x17.
  if (conduit == Conduit::kHvc) {
    asm volatile("hvc #0"
                 : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3)::"x4", "x5", "x6", "x7", "x8", "x9",
                   "x10", "x11", "x12", "x13", "x14", "x15", "x16", "x17", "memory");
  } else {
    asm volatile("smc #0"
                 : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3)::"x4", "x5", "x6", "x7", "x8", "x9",
                   "x10", "x11", "x12", "x13", "x14", "x15", "x16", "x17", "memory");
  }
  return x0;
}

}  // namespace atl::arch
