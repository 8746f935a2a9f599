// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "sources.hpp"

#include <atoll/arch.hpp>
#include <atoll/boot_info.hpp>
#include <atoll/random.hpp>

#include "generator.hpp"

namespace atl::random {

void add_hardware() {
  // The counter is no secret, but differs between copies of one image.
  std::uint64_t value = arch::Cpu::cycle_counter();
  add_entropy(std::as_bytes(std::span{&value, 1}), 0);
  for (std::size_t bits = 0; bits < kSeedBits; bits += kHardwareBits) {
    const auto drawn = arch::Cpu::hardware_random();
    if (!drawn) break;
    value = *drawn;
    add_entropy(std::as_bytes(std::span{&value, 1}), kHardwareBits);
  }
  value = 0;
}

void add_boot_seed() {
  const auto seed = boot_info().random_seed();
  if (seed.empty()) return;
  add_entropy(seed, seed.size() * 8);
  forget_random_seed();
}

}  // namespace atl::random
