// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/formatter.hpp>
#include <cstdint>

namespace atl::formatter {

/// Counts what comes from an Input, with one character of look-ahead.
class Reader {
 public:
  explicit Reader(Input& input) : input_(input) {}

  /// The next character, left where it is; -1 at the end.
  int peek() {
    if (!held_) {
      next_ = input_.next(input_);
      held_ = true;
    }
    return next_;
  }

  /// The next character, taken.
  int take() {
    const int character = peek();
    held_ = false;
    if (character >= 0) ++count_;
    return character;
  }

  void skip_space();

  /// Gives the look-ahead back to the Input.
  void finish() {
    if (held_ && next_ >= 0) input_.back(input_, next_);
    held_ = false;
  }

  [[nodiscard]] std::int64_t count() const { return count_; }

 private:
  Input& input_;
  std::int64_t count_ = 0;
  int next_ = -1;
  bool held_ = false;
};

/// What became of one conversion.
enum class Scanned : unsigned char { kDone, kMismatch, kEndOfInput };

/// The text of an integer as strtoumax() takes it, at most `width` characters
/// (7.21.6.2p12): the magnitude saturates, `negative` tells its sign.
struct ScannedInteger {
  Scanned outcome;
  std::uintmax_t magnitude;
  bool negative;
  bool overflow;
};
ScannedInteger scan_integer(Reader& reader, int base, std::int64_t width);

/// Collects the text of a floating-point number as strtod() takes it into
/// `text` (of `size` bytes, ended by 0). Digits beyond its room do not change a
/// correctly rounded result of fewer than 700 digits and are dropped with their
/// weight kept in the exponent.
Scanned scan_floating(Reader& reader, std::int64_t width, char* text, std::size_t size);

}  // namespace atl::formatter
