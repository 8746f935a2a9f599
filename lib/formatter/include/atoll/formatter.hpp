// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <cstdarg>
#include <cstddef>

/// Formatted output and input as ISO C17 defines them (7.21.6), small: every
/// conversion and length modifier, exact decimal expansion of double and long
/// double, rounding to nearest even. Of POSIX's extensions it has none;
/// positional arguments (%1$d) end the call with EINVAL.
///
/// Any thread; allocates nothing. An image that chooses it gets the whole
/// printf and scanf families of the libc on top of these two functions.
namespace atl::formatter {

/// Takes the text of one format() call, piece by piece.
struct Output {
  /// Takes `size` bytes; false ends the call with an error.
  bool (*write)(Output& self, const char* text, std::size_t size);
};

/// Writes `format` with `arguments` to `output` (ISO C17 7.21.6.1). Returns the
/// number of bytes written, or -1 with errno set: EOVERFLOW above INT_MAX bytes,
/// EILSEQ for a wide character without a multibyte form, EINVAL for a conversion
/// that does not exist; unchanged where `output` refused.
int format(Output& output, const char* format, std::va_list arguments);

/// Gives characters to one scan() call.
struct Input {
  /// The next character as unsigned char, or -1 at the end or on an error.
  int (*next)(Input& self);
  /// Gives back what next() returned last; at most one character deep.
  void (*back)(Input& self, int character);
};

/// Reads by `format` from `input` (ISO C17 7.21.6.2). Returns the number of
/// items assigned, or -1 where input ended before the first conversion.
int scan(Input& input, const char* format, std::va_list arguments);

}  // namespace atl::formatter
