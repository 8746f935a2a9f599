// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <cstdint>

#include "floating.hpp"

namespace atl::floating {

/// A natural number of up to kWords * 32 bits, in place. Nothing here checks for
/// room: who computes knows a bound.
class BigInteger {
 public:
  static constexpr int kWords = 1216;

  BigInteger() {}  // not the words: they are many

  /// *this = *this * factor + addend.
  void multiply_add(std::uint32_t factor, std::uint32_t addend);

  /// *this = *this * 5^power.
  void multiply_by_power_of_5(int power);

  /// *this = floor(*this / 5^power); whether there was a remainder.
  bool divide_by_power_of_5(int power);

  /// *this = *this * 2^(32 * count).
  void shift_left_words(int count);

  [[nodiscard]] int bit_length() const;

  /// The first 128 bits, or all; the exponent stands for those behind.
  [[nodiscard]] Unrounded leading() const;

 private:
  bool divide(std::uint32_t divisor);

  int size_ = 0;
  std::uint32_t words_[kWords];  // the lowest first, none of the highest 0
};

}  // namespace atl::floating
