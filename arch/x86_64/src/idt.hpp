// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <cstdint>

namespace atl::arch {

inline constexpr std::uint16_t kCodeSelector = 0x08;
inline constexpr std::uint16_t kDataSelector = 0x10;
inline constexpr std::uint16_t kTaskSelector = 0x18;

/// Which stack of the task state a gate switches to; 1-based, as in a gate.
enum class StackIndex : std::uint8_t {
  kInterrupt = 1,
  kException = 2,
  kDoubleFault = 3,
  kNonMaskable = 4,
};

/// An interrupt gate: entering it masks interrupts (Intel SDM 3A §6.14.1).
struct Gate {
  std::uint64_t low;
  std::uint64_t high;

  [[gnu::always_inline]] static constexpr Gate to(std::uint64_t handler, StackIndex stack) {
    constexpr std::uint64_t kPresentInterruptGate = 0x8e;
    return {.low = (handler & 0xffff) | std::uint64_t{kCodeSelector} << 16 |
                   static_cast<std::uint64_t>(stack) << 32 | kPresentInterruptGate << 40 |
                   (handler >> 16 & 0xffff) << 48,
            .high = handler >> 32};
  }
};

/// Fills the gates of the 32 exceptions; once, on the boot CPU.
void set_exception_gates();
void set_gate(std::uint8_t vector, Gate gate);
/// Loads the one table of all CPUs on this one.
void load_idt();

}  // namespace atl::arch
