// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <cstdint>

/// Control registers and model-specific registers (Intel SDM 3A §2.5, SDM 4
/// §2.1). Any context; wrong values take the machine down.
namespace atl::arch {

namespace cr0 {
inline constexpr std::uint64_t kMonitorCoprocessor = 1 << 1;
inline constexpr std::uint64_t kEmulation = 1 << 2;
inline constexpr std::uint64_t kNumericError = 1 << 5;
inline constexpr std::uint64_t kWriteProtect = 1 << 16;
}  // namespace cr0

namespace cr4 {
inline constexpr std::uint64_t kFxsr = 1 << 9;             // OSFXSR: SSE and FXSAVE
inline constexpr std::uint64_t kSimdExceptions = 1 << 10;  // OSXMMEXCPT
inline constexpr std::uint64_t kUmip = 1 << 11;
inline constexpr std::uint64_t kFsGsBase = 1 << 16;
inline constexpr std::uint64_t kXsave = 1 << 18;  // OSXSAVE: XSAVE and XCR0
inline constexpr std::uint64_t kSmep = 1 << 20;
inline constexpr std::uint64_t kSmap = 1 << 21;
inline constexpr std::uint64_t kControlFlow = 1 << 23;  // CET
}  // namespace cr4

namespace msr {
inline constexpr std::uint32_t kSupervisorCet = 0x6a2;
inline constexpr std::uint32_t kEfer = 0xc000'0080;
inline constexpr std::uint32_t kFsBase = 0xc000'0100;
inline constexpr std::uint32_t kGsBase = 0xc000'0101;
}  // namespace msr

inline constexpr std::uint64_t kEferNoExecute = 1 << 11;
inline constexpr std::uint64_t kCetEndBranch = 1 << 2;  // ENDBR_EN
inline constexpr std::uint64_t kCetNoTrack = 1 << 4;    // NO_TRACK_EN

inline std::uint64_t read_msr(std::uint32_t index) {
  std::uint32_t low;
  std::uint32_t high;
  asm volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(index) : "memory");
  return low | std::uint64_t{high} << 32;
}
inline void write_msr(std::uint32_t index, std::uint64_t value) {
  asm volatile("wrmsr" ::"c"(index), "a"(static_cast<std::uint32_t>(value)),
               "d"(static_cast<std::uint32_t>(value >> 32))
               : "memory");
}

/// The processor state that may be used (Intel SDM 3A §2.6); with CR4.OSXSAVE.
inline void write_xcr0(std::uint64_t value) {
  asm volatile("xsetbv" ::"c"(0), "a"(static_cast<std::uint32_t>(value)),
               "d"(static_cast<std::uint32_t>(value >> 32))
               : "memory");
}

inline std::uint64_t read_cr0() {
  std::uint64_t value;
  asm volatile("mov %%cr0, %0" : "=r"(value)::"memory");
  return value;
}
inline void write_cr0(std::uint64_t value) {
  asm volatile("mov %0, %%cr0" ::"r"(value) : "memory");
}
/// The address of the last page fault.
inline std::uint64_t read_cr2() {
  std::uint64_t value;
  asm volatile("mov %%cr2, %0" : "=r"(value)::"memory");
  return value;
}
inline std::uint64_t read_cr3() {
  std::uint64_t value;
  asm volatile("mov %%cr3, %0" : "=r"(value)::"memory");
  return value;
}
inline void write_cr3(std::uint64_t value) {
  asm volatile("mov %0, %%cr3" ::"r"(value) : "memory");
}
inline std::uint64_t read_cr4() {
  std::uint64_t value;
  asm volatile("mov %%cr4, %0" : "=r"(value)::"memory");
  return value;
}
inline void write_cr4(std::uint64_t value) {
  asm volatile("mov %0, %%cr4" ::"r"(value) : "memory");
}

}  // namespace atl::arch
