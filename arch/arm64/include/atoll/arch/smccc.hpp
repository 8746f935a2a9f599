// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <cstdint>

namespace atoll::arch {

/// A call of the firmware or hypervisor by the SMC Calling Convention (Arm DEN
/// 0028, §2.7): function and arguments in x0 .. x3, the result in x0. Which of
/// the two instructions is the right one, the device tree says; the other one is
/// an undefined instruction or unanswered.
inline std::uint64_t hypervisor_call(std::uint64_t function, std::uint64_t a1 = 0,
                                     std::uint64_t a2 = 0, std::uint64_t a3 = 0) {
  register std::uint64_t x0 asm("x0") = function;
  register std::uint64_t x1 asm("x1") = a1;
  register std::uint64_t x2 asm("x2") = a2;
  register std::uint64_t x3 asm("x3") = a3;
  // §2.6: up to x17 may change in version 1.0 of the convention.
  asm volatile("hvc #0"
               : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3)::"x4", "x5", "x6", "x7", "x8", "x9", "x10",
                 "x11", "x12", "x13", "x14", "x15", "x16", "x17", "memory");
  return x0;
}
inline std::uint64_t secure_monitor_call(std::uint64_t function, std::uint64_t a1 = 0,
                                         std::uint64_t a2 = 0, std::uint64_t a3 = 0) {
  register std::uint64_t x0 asm("x0") = function;
  register std::uint64_t x1 asm("x1") = a1;
  register std::uint64_t x2 asm("x2") = a2;
  register std::uint64_t x3 asm("x3") = a3;
  asm volatile("smc #0"
               : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3)::"x4", "x5", "x6", "x7", "x8", "x9", "x10",
                 "x11", "x12", "x13", "x14", "x15", "x16", "x17", "memory");
  return x0;
}

}  // namespace atoll::arch
