// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <cstdint>

/// The privileged steps of an entry, in assembly; each says in its source what
/// it does and which registers it clobbers. For plat/<p>/arm64 only.
extern "C" {

/// Returns at EL1 on SP_EL1; the level it was called at.
std::uint64_t atoll_arm64_drop_to_el1();
/// Invalidates the data cache over [start, end).
void atoll_arm64_forget_cache(std::uint64_t start, std::uint64_t end);
/// Zeros [start, end), not empty, multiples of 256; MMU on.
void atoll_arm64_clear(std::uint64_t start, std::uint64_t end);
/// MMU and caches on, the lower half through `identity_root`.
void atoll_arm64_enable_mmu(std::uint64_t identity_root);
/// Makes the image that lies at `image` ready to run at `base`; 0, or the type
/// of a relocation that it does not know.
std::uint64_t atoll_arm64_relocate(std::uint64_t image, std::uint64_t base);
/// Into the kernel's half, `delta` bytes up, and to `entry` on `stack_top`.
[[noreturn]] void atoll_arm64_enter_kernel(std::uint64_t root, std::uint64_t delta,
                                           std::uint64_t stack_top, std::uint64_t entry);
}

namespace atoll::arch {

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

}  // namespace atoll::arch
