// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <algorithm>
#include <atoll/types.hpp>
#include <cstdint>

namespace atl::timer {

/// The rate of a counter that nobody tells, learned from its own use instead of
/// a calibration: it starts at a rate which no machine stays below, so that the
/// first interrupts come too early, and each of them shows how far the counter
/// got in which time. Times are taken outside the counter's, hence the estimate
/// only grows towards the truth, and no interrupt is late for it.
class TickRate {
 public:
  constexpr TickRate() = default;

  /// A rate that is known.
  constexpr void set(std::uint64_t hz) { hz_ = std::clamp(hz, kSlowest, kFastest); }

  /// `ticks` passed in `time` or less.
  constexpr void observe(std::uint32_t ticks, Nanoseconds time) {
    // Over less the error of one tick counts for too much.
    if (ticks < 64 || time.count == 0) return;
    hz_ = std::clamp<std::uint64_t>(ticks * 1'000'000'000ull / time.count, hz_, kFastest);
  }

  [[nodiscard]] constexpr std::uint64_t hz() const { return hz_; }

  /// Ticks for `time`, at least 1, and a thousandth more: most interrupts then
  /// come late enough to be the last.
  [[nodiscard]] constexpr std::uint32_t ticks(Nanoseconds time) const {
    const std::uint64_t nanoseconds = std::min(time, kFurthest).count;
    const std::uint64_t ticks = nanoseconds * hz_ / 1'000'000'000;
    return static_cast<std::uint32_t>(
        std::min<std::uint64_t>(ticks + ticks / 1024 + 1, 0xffff'ffff));
  }

 private:
  // Of the counter behind its divisor of 16: bus clocks from 16 MHz to 8 GHz.
  static constexpr std::uint64_t kSlowest = 1'000'000, kFastest = 500'000'000;
  // Times kFastest it fits 64 bits.
  static constexpr Nanoseconds kFurthest = 30_s;

  std::uint64_t hz_ = kSlowest;
};

}  // namespace atl::timer
