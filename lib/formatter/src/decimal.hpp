// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace atl::formatter {

/// A finite floating-point number taken apart: mantissa * 2^exponent, exactly.
struct Binary {
  enum class Kind : unsigned char { kFinite, kInfinite, kNotANumber };

  Kind kind = Kind::kFinite;
  bool negative = false;
  unsigned __int128 mantissa = 0;
  int exponent = 0;
};

Binary take_apart(double value);
Binary take_apart(long double value);

/// The exact decimal expansion of a Binary, in words of nine digits.
///
/// The words live in the caller's storage: kDoubleWords or kLongDoubleWords.
class Decimal {
 public:
  static constexpr std::size_t kDoubleWords = 165;
  static constexpr std::size_t kLongDoubleWords = 1848;

  Decimal(const Binary& value, std::span<std::uint32_t> storage);

  /// The digit of 10^place; 0 outside the expansion.
  [[nodiscard]] unsigned digit(int place) const;

  /// The place of the first digit that is not 0; 0 for the number 0.
  [[nodiscard]] int top() const;

  /// The place of the last digit that is not 0; 0 for the number 0.
  [[nodiscard]] int bottom() const;

  /// Rounds to a multiple of 10^place, to nearest, ties to even.
  void round(int place);

 private:
  static constexpr std::uint32_t kBase = 1'000'000'000;
  static constexpr int kDigits = 9;

  void shift_left(unsigned bits);
  void shift_right(unsigned bits);
  void trim();
  [[nodiscard]] bool nonzero_below(int place) const;
  [[nodiscard]] int word_of(int place) const;

  std::uint32_t* words_;
  int begin_;  // first word in use: the most significant
  int end_;    // behind the last
  int units_;  // the word of the digits 10^0 to 10^8
};

}  // namespace atl::formatter
