// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <bit>
#include <cstddef>

namespace atl::tlsf {

/// What every size is a multiple of, and the alignment of every block.
inline constexpr std::size_t kUnit = alignof(std::max_align_t);

/// Classes of sizes. Each holds the sizes from its least one up to the next
/// class: up to kLinear bytes a unit, above it a power of two is cut into
/// kSteps equal steps.
struct SizeClasses {
  static constexpr unsigned kStepsShift = 5;
  static constexpr std::size_t kSteps = std::size_t{1} << kStepsShift;
  static constexpr std::size_t kLinear = 2 * kSteps * kUnit;

  /// `size` rounded up to the least size of a class.
  [[gnu::always_inline]] static constexpr std::size_t rounded(std::size_t size) {
    if (size < kLinear) return (size + kUnit - 1) & ~(kUnit - 1);
    const std::size_t last = (std::size_t{1} << step_shift(size)) - 1;
    return (size + last) & ~last;
  }
  /// The class that holds `size`.
  static constexpr std::size_t index_of(std::size_t size) {
    if (size < kLinear) return size / kUnit;
    const unsigned shift = step_shift(size);
    return (shift - kUnitShift) * kSteps + (size >> shift);
  }
  /// The least size of the class `index`.
  static constexpr std::size_t least_of(std::size_t index) {
    if (index < 2 * kSteps) return index * kUnit;
    return (kSteps + index % kSteps) << (kUnitShift + index / kSteps - 1);
  }

 private:
  static constexpr unsigned kUnitShift = static_cast<unsigned>(std::countr_zero(kUnit));

  /// log2 of the step at `size`, at least kLinear.
  static constexpr unsigned step_shift(std::size_t size) {
    return static_cast<unsigned>(std::bit_width(size)) - 1 - kStepsShift;
  }
};

}  // namespace atl::tlsf
