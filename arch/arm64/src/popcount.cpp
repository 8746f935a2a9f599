// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <cstdint>

// What std::popcount and std::has_single_bit call where code keeps to the general
// registers. The compiler's own version counts in a SIMD register, which an interrupt's
// handler must leave to what it interrupted.
extern "C" {

int __popcountdi2(std::uint64_t value) {
  constexpr std::uint64_t kBytes = ~std::uint64_t{0} / 0xff;  // 1 in each
  // Sums of two bits, of four, of eight; then of all bytes, in the highest one.
  value -= value >> 1 & kBytes * 0x55;
  value = (value & kBytes * 0x33) + (value >> 2 & kBytes * 0x33);
  value = (value + (value >> 4)) & kBytes * 0x0f;
  return static_cast<int>(value * kBytes >> 56);
}

int __popcountsi2(std::uint32_t value) { return __popcountdi2(value); }
}
