// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <cstdint>

namespace atl {

/// Turns a count at one rate into a count at another: ticks to nanoseconds or
/// back. Multiplication and shift over 128 bits: no input overflows on the
/// way, and the result is exact to one part in 2^62, rounded down, for as long
/// as it fits 64 bits (584 years of nanoseconds).
class TickScale {
 public:
  constexpr TickScale() = default;

  /// Ticks at `from_hz` into ticks at `to_hz`; both at least 1 and at most 2^40.
  static constexpr TickScale between(std::uint64_t from_hz, std::uint64_t to_hz) {
    // Long division, one bit at a time, of to_hz by from_hz: as many bits of
    // the quotient as fit 63.
    TickScale scale;
    scale.factor_ = to_hz / from_hz;
    std::uint64_t rest = to_hz % from_hz;
    while (scale.factor_ < (std::uint64_t{1} << 62) && scale.shift_ < 126) {
      rest <<= 1;
      const bool bit = rest >= from_hz;
      if (bit) rest -= from_hz;
      scale.factor_ = (scale.factor_ << 1) | (bit ? 1u : 0u);
      ++scale.shift_;
    }
    return scale;
  }

  [[nodiscard]] constexpr std::uint64_t apply(std::uint64_t ticks) const {
    return static_cast<std::uint64_t>((static_cast<Wide>(ticks) * factor_) >> shift_);
  }
  /// The same, rounded up; for deadlines, which must not come early.
  [[nodiscard]] constexpr std::uint64_t apply_up(std::uint64_t ticks) const {
    const std::uint64_t down = apply(ticks);
    return down + (down == ~std::uint64_t{0} ? 0 : 1);
  }

 private:
  __extension__ using Wide = unsigned __int128;

  std::uint64_t factor_ = 0;  // result = ticks * factor_ / 2^shift_
  std::uint32_t shift_ = 0;
};

inline constexpr std::uint64_t kNanosecondsPerSecond = 1'000'000'000;

}  // namespace atl
