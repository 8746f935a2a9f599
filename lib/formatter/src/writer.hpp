// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/formatter.hpp>
#include <cstddef>
#include <cstdint>

#include "specification.hpp"

namespace atl::formatter {

/// Counts what goes to an Output and stops at its first refusal.
class Writer {
 public:
  explicit Writer(Output& output) : output_(output) {}

  void put(const char* text, std::size_t size);
  void put(char character) { put(&character, 1); }
  void pad(char character, std::int64_t count);

  /// A field of `size` bytes to come, right-aligned or not: pads before it.
  void before(const Specification& how, std::int64_t size) {
    if (!how.left) pad(' ', how.width - size);
  }
  void after(const Specification& how, std::int64_t size) {
    if (how.left) pad(' ', how.width - size);
  }

  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] std::int64_t count() const { return count_; }
  /// Ends the call with `error` in errno; 0 leaves errno alone.
  void fail(int error);

 private:
  Output& output_;
  std::int64_t count_ = 0;
  bool ok_ = true;
};

/// The sign or space in front of a number; 0 for none.
inline char sign_of(const Specification& how, bool negative) {
  return negative ? '-' : how.plus ? '+' : how.space ? ' ' : '\0';
}

/// d i o u x X p: `magnitude` with its sign apart.
void write_integer(Writer& writer, const Specification& how, std::uintmax_t magnitude,
                   bool negative);

/// a e f g and their capitals.
void write_double(Writer& writer, const Specification& how, double value);
void write_long_double(Writer& writer, const Specification& how, long double value);

}  // namespace atl::formatter
