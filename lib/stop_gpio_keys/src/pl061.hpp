// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/mmio.hpp>
#include <cstdint>

namespace atl {

/// A PrimeCell GPIO (Arm DDI 0190B §3.2): eight pins, one interrupt.
template <RegisterIo Io>
class Pl061 {
 public:
  constexpr Pl061() = default;
  constexpr explicit Pl061(Io io) : io_(io) {}

  static constexpr std::uint32_t kPins = 8;
  static constexpr std::uint64_t kSize = 0x424;

  /// Makes `pin` an input that interrupts when it becomes active.
  void listen(std::uint32_t pin, bool active_low) {
    const std::uint32_t bit = 1u << pin;
    change(kEnable, bit, 0);
    change(kDirection, bit, 0);
    change(kLevel, bit, 0);
    change(kBothEdges, bit, 0);
    change(kRising, bit, active_low ? 0 : bit);
    io_.template write<std::uint32_t>(kClear, bit);
    change(kEnable, 0, bit);
  }

  /// The pins that interrupt, a bit each, whose interrupts are over then.
  std::uint32_t take() {
    const std::uint32_t pins = io_.template read<std::uint32_t>(kPending);
    io_.template write<std::uint32_t>(kClear, pins);
    return pins;
  }

 private:
  static constexpr std::uint64_t kDirection = 0x400, kLevel = 0x404, kBothEdges = 0x408;
  static constexpr std::uint64_t kRising = 0x40c, kEnable = 0x410, kPending = 0x418;
  static constexpr std::uint64_t kClear = 0x41c;

  void change(std::uint64_t offset, std::uint32_t clear, std::uint32_t set) {
    const std::uint32_t value = io_.template read<std::uint32_t>(offset);
    io_.template write<std::uint32_t>(offset, (value & ~clear) | set);
  }

  Io io_{};
};

}  // namespace atl
