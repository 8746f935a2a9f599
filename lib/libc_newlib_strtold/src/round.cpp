// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <algorithm>
#include <bit>

#include "floating.hpp"

namespace atl::floating {

int bit_length(unsigned __int128 value) {
  const auto high = static_cast<std::uint64_t>(value >> 64);
  const auto low = static_cast<std::uint64_t>(value);
  return static_cast<int>(high != 0 ? 64 + std::bit_width(high) : std::bit_width(low));
}

Number round(const Unrounded& value, const Format& format) {
  const unsigned __int128 one = 1;
  Number result{.exponent = format.least_exponent};
  if (value.mantissa == 0) return result;
  const int bits = bit_length(value.mantissa);
  // So many low bits have no place in the format.
  const std::int64_t excess =
      std::max<std::int64_t>(bits - format.precision, format.least_exponent - value.exponent);
  std::int64_t exponent = value.exponent + excess;
  bool exact = !value.more;
  if (excess <= 0) {
    if (exponent + format.precision <= format.limit) result.mantissa = value.mantissa << -excess;
  } else if (excess > bits) {
    exact = false;  // less than half of the smallest number
  } else {
    // A shift by all 128 bits is undefined, hence the two steps.
    const auto below = static_cast<unsigned>(excess - 1);
    const unsigned __int128 halves = value.mantissa >> below;
    const bool half = (halves & 1) != 0;
    const bool more = value.more || (value.mantissa & ((one << below) - 1)) != 0;
    result.mantissa = halves >> 1;
    exact = !half && !more;
    if (half && (more || (result.mantissa & 1) != 0)) ++result.mantissa;
    if (result.mantissa >> format.precision != 0) {
      result.mantissa >>= 1;
      ++exponent;
    }
  }
  if (exponent + format.precision > format.limit) {
    return {.kind = Number::Kind::kInfinite, .out_of_range = true};
  }
  result.exponent = static_cast<int>(exponent);
  result.out_of_range = !exact && result.mantissa >> (format.precision - 1) == 0;
  return result;
}

}  // namespace atl::floating
