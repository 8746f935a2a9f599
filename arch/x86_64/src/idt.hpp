// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace atoll::arch {

inline constexpr std::size_t kExceptions = 32;
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

  static constexpr Gate to(std::uint64_t handler, StackIndex stack) {
    constexpr std::uint64_t kPresentInterruptGate = 0x8e;
    return {.low = (handler & 0xffff) | std::uint64_t{kCodeSelector} << 16 |
                   static_cast<std::uint64_t>(stack) << 32 | kPresentInterruptGate << 40 |
                   (handler >> 16 & 0xffff) << 48,
            .high = handler >> 32};
  }
};

/// Makes `gates` the table that load_idt() loads from now on.
void use_idt(std::span<Gate> gates);
/// Loads it on this CPU.
void load_idt();
/// Fills the gates of the 32 exceptions.
void set_exception_gates(std::span<Gate> gates);

}  // namespace atoll::arch
