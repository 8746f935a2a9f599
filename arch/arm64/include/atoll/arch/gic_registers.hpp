// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <cstdint>

namespace atl::arch {

/// The GIC CPU interface as system registers (Arm IHI 0069H §12.2; Arm ARM
/// D19.8), of this CPU. Where it is absent, all of it is undefined.
class GicRegisters {
 public:
  /// Opens the interface for group 1: system register access on (with EL2's
  /// leave, which an entry at EL2 gives), no priority held back.
  static void enable() {
    asm volatile("msr S3_0_C12_C12_5, %0\n\tisb" ::"r"(std::uint64_t{7})
                 : "memory");                                                    // ICC_SRE_EL1
    asm volatile("msr S3_0_C4_C6_0, %0" ::"r"(std::uint64_t{0xf0}) : "memory");  // ICC_PMR_EL1
    asm volatile("msr S3_0_C12_C12_7, %0\n\tisb" ::"r"(std::uint64_t{1})
                 : "memory");  // ICC_IGRPEN1_EL1
  }
  /// The interrupt to handle next, now active; 1020 .. 1023 for none. The
  /// barrier orders what the handler reads after it (IHI 0069H §4.1.1).
  static std::uint32_t acknowledge() {
    std::uint64_t line;
    asm volatile("mrs %0, S3_0_C12_C12_0\n\tdsb sy" : "=r"(line)::"memory");  // ICC_IAR1_EL1
    return static_cast<std::uint32_t>(line & 0xff'ffff);
  }
  static void end(std::uint32_t line) {
    asm volatile("msr S3_0_C12_C12_1, %0\n\tisb" ::"r"(std::uint64_t{line})
                 : "memory");  // ICC_EOIR1_EL1
  }
  /// Makes the software interrupt `line`, 0 .. 15, pending on the CPU whose affinity()
  /// is given (IHI 0069H §12.2.23, ICC_SGI1R_EL1), after all that was stored before.
  static void send(std::uint32_t line, std::uint32_t affinity) {
    const std::uint64_t to = affinity;
    const std::uint64_t value = std::uint64_t{1} << (to & 15) | (to >> 4 & 15) << 44 |
                                (to >> 8 & 0xff) << 16 | (to >> 16 & 0xff) << 32 |
                                (to >> 24) << 48 | std::uint64_t{line} << 24;
    asm volatile("dsb ishst\n\tmsr S3_0_C12_C11_5, %0\n\tisb" ::"r"(value) : "memory");
  }
  /// This CPU's Aff3.Aff2.Aff1.Aff0 as GICR_TYPER has it in its upper half.
  static std::uint32_t affinity() {
    std::uint64_t value;
    asm volatile("mrs %0, mpidr_el1" : "=r"(value));
    return static_cast<std::uint32_t>((value & 0xff'ffff) | ((value >> 8) & 0xff00'0000));
  }
};

}  // namespace atl::arch
