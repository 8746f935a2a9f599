// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "fake_gpio.hpp"

namespace atl::test {

std::uint32_t Gpio::read(std::uint64_t offset) const {
  if (offset == 0x414) return raw;
  if (offset == 0x418) return raw & registers[0x410];
  return registers.at(offset);
}

void Gpio::write(std::uint64_t offset, std::uint32_t value) {
  if (offset == 0x41c) raw &= ~value;
  registers.at(offset) = value;
}

void Gpio::edge(std::uint32_t pin, bool rising) {
  const std::uint32_t bit = 1u << pin;
  const bool input = (registers[0x400] & bit) == 0, level = (registers[0x404] & bit) != 0;
  const bool both = (registers[0x408] & bit) != 0, wants_rising = (registers[0x40c] & bit) != 0;
  if (input && !level && (both || wants_rising == rising)) raw |= bit;
}

}  // namespace atl::test
