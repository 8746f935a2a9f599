// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <array>
#include <atoll/arch.hpp>
#include <atoll/random.hpp>

#include "sources.hpp"

namespace atl::random {
namespace {

/// Work whose duration depends on caches, branch prediction and whatever else
/// runs on the machine: a walk over memory that earlier readings steer.
std::uint32_t disturb(std::span<volatile std::uint8_t> memory, std::uint64_t reading) {
  auto at = static_cast<std::uint32_t>(reading);
  for (int i = 0; i < 64; ++i) {
    volatile std::uint8_t& cell = memory[at % memory.size()];
    cell = static_cast<std::uint8_t>(cell + 1);
    at = at * 1664525U + 1013904223U + cell;
    if ((at & 0x10000U) != 0) at ^= at >> 7;
  }
  return at;
}

}  // namespace

void add_jitter() {
  static constinit std::array<volatile std::uint8_t, 4096> memory{};
  JitterTest test;
  std::size_t good = 0;
  std::uint32_t carry = 0;
  for (std::size_t i = 0; i < kJitterSamples && !seeded(); ++i) {
    const std::uint64_t reading = arch::Cpu::cycle_counter();
    carry = disturb(memory, reading + carry);
    if (test.accept(reading)) ++good;
    const bool counts = good == kJitterSamplesPerBit;
    if (counts) good = 0;
    add_entropy(std::as_bytes(std::span{&reading, 1}), counts ? 1 : 0);
  }
}

}  // namespace atl::random
