// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <cstdarg>
#include <cstdint>

namespace atl::formatter {

enum class Length : unsigned char {
  kNone,
  kChar,
  kShort,
  kLong,
  kLongLong,
  kMax,
  kSize,
  kDifference,
  kLongDouble
};

/// A va_list that can be handed on by reference on every ABI.
struct Arguments {
  std::va_list list;

  /// The next integer or pointer: each takes 64 bits, of which what is above its
  /// own size is undefined (System V ABI AMD64 §3.2.3; AAPCS64 §6.8.2). One way to
  /// fetch them all, since va_arg is a dozen instructions.
  std::int64_t next_word();
  template <typename T>
  T* next_pointer() {
    return reinterpret_cast<T*>(next_word());
  }
};

/// One conversion specification of a printf format: %[flags][width][.precision][length]x.
struct Specification {
  bool left = false;
  bool plus = false;
  bool space = false;
  bool alternate = false;
  bool zero = false;
  Length length = Length::kNone;
  char conversion = 0;
  int width = 0;
  int precision = -1;  // -1: not given
};

/// Reads a length modifier at `*at` and moves on behind it.
Length parse_length(const char*& at);

/// Reads a specification at `*at`, just behind its %, taking `*` widths and
/// precisions from `arguments`; moves on behind it. False where a number does
/// not fit an int.
bool parse(const char*& at, Arguments& arguments, Specification& into);

}  // namespace atl::formatter
