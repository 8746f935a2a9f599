// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/arch.hpp>
#include <atoll/boot_pvh/address_space.hpp>

namespace atl::boot_pvh {

namespace {

/// Spreads every bit of `value` over the result: the finaliser of SplitMix64
/// (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014).
std::uint64_t mix(std::uint64_t value) {
  value = (value ^ value >> 30) * 0xbf58'476d'1ce4'e5b9;
  value = (value ^ value >> 27) * 0x94d0'49bb'1331'11eb;
  return value ^ value >> 31;
}

}  // namespace

BootEntropy gather_entropy() {
  std::uint64_t state = 0;
  const auto next = [&state] {
    state = mix(state ^ arch::Cpu::cycle_counter());
    return arch::Cpu::hardware_random().value_or(state);
  };
  return {.image = next(), .direct_map = next(), .canary = next()};
}

}  // namespace atl::boot_pvh
