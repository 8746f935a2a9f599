// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

namespace atl {

/// The next multiple of `alignment`, a power of two. Wraps above the last one.
template <std::unsigned_integral T>
constexpr T align_up(T value, std::type_identity_t<T> alignment) {
  return static_cast<T>((value + (alignment - 1)) & ~(alignment - 1));
}
template <std::unsigned_integral T>
constexpr T align_down(T value, std::type_identity_t<T> alignment) {
  return static_cast<T>(value & ~(alignment - 1));
}

/// Bits [high:low] of `value`, as manuals write a field.
template <std::unsigned_integral T>
constexpr T bits(T value, unsigned high, unsigned low) {
  return static_cast<T>((value >> low) &
                        (static_cast<T>(~T{0}) >> (sizeof(T) * 8 - 1 - (high - low))));
}

/// The first bytes of `bytes` as an integer of the named byte order; their
/// address needs no alignment and `bytes` holds at least sizeof(T).
template <std::unsigned_integral T>
constexpr T load_little(std::span<const std::byte> bytes) {
  T value = 0;
  for (std::size_t i = sizeof(T); i-- > 0;) {
    value = static_cast<T>((static_cast<std::uint64_t>(value) << 8) |
                           std::to_integer<std::uint64_t>(bytes[i]));
  }
  return value;
}
template <std::unsigned_integral T>
constexpr T load_big(std::span<const std::byte> bytes) {
  T value = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    value = static_cast<T>((static_cast<std::uint64_t>(value) << 8) |
                           std::to_integer<std::uint64_t>(bytes[i]));
  }
  return value;
}

}  // namespace atl
