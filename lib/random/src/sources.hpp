// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace atl::random {

/// Bits counted for one 64-bit value of hardware_random(). RDRAND stretches
/// what its seed held (Intel SDM 1 §7.3.17.1), so half a value's size at most
/// is new; eight values make a seed.
inline constexpr std::size_t kHardwareBits = 32;

/// Samples of timing jitter that are taken at most. At one bit for four good
/// ones, 1,024 good samples make a seed.
inline constexpr std::size_t kJitterSamples = 4096;
inline constexpr std::size_t kJitterSamplesPerBit = 4;

/// Adds values of the CPU's random instruction until the pool holds a seed, or
/// the instruction gives none.
void add_hardware();

/// Adds the loader's seed, once.
void add_boot_seed();

/// Adds the timing of memory accesses and branches, up to kJitterSamples; some
/// milliseconds. Thread context.
void add_jitter();

/// Decides which readings of a counter count as unpredictable: one whose
/// distance to the one before, the change of that distance and the change of
/// that change all differ from zero. A counter that runs in lock-step with the
/// code, as in a simulator, never passes.
class JitterTest {
 public:
  /// Whether `reading` counts. The first three never do.
  bool accept(std::uint64_t reading) {
    const std::uint64_t first = reading - reading_;
    const std::uint64_t second = first - first_;
    const std::uint64_t third = second - second_;
    reading_ = reading;
    first_ = first;
    second_ = second;
    if (seen_ < 3) {
      ++seen_;
      return false;
    }
    return first != 0 && second != 0 && third != 0;
  }

 private:
  std::uint64_t reading_ = 0;
  std::uint64_t first_ = 0;
  std::uint64_t second_ = 0;
  unsigned seen_ = 0;
};

}  // namespace atl::random
