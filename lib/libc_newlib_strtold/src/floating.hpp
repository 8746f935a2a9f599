// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <cstdint>

namespace atl::floating {

/// A binary format of IEEE 754-2019 §3.3 or of its kind: its finite numbers are
/// mantissa * 2^exponent with mantissa < 2^precision, exponent >= least_exponent
/// and a value below 2^limit. At most 113 bits, and no exponents beyond binary128's.
struct Format {
  int precision;
  int least_exponent;
  int limit;
};

constexpr Format kBinary64{53, -1074, 1024};
constexpr Format kX87Extended{64, -16445, 16384};
constexpr Format kBinary128{113, -16494, 16384};

/// What a text says, as a number of a Format: the mantissa has all of the
/// format's bits, or the exponent is the least.
struct Number {
  enum class Kind : unsigned char { kFinite, kInfinite, kNotANumber };

  Kind kind = Kind::kFinite;
  bool negative = false;
  bool out_of_range = false;  // overflow, or a subnormal number or 0 that is not exact
  unsigned __int128 mantissa = 0;
  int exponent = 0;
};

/// Reads the longest number that `text` starts with, as strtod() does (ISO C17
/// 7.22.1.3) with `.` for the radix character, and sets `end` behind it; where
/// there is none, to `text`, and the result is 0. Rounded to nearest, ties to
/// even, whatever the length of the text. Letters after `nan` are read and mean
/// nothing.
///
/// Allocates nothing; 5.5 KiB of stack. Time grows with the square of the number
/// of significant digits up to 11,600, and linearly from there on; an exponent far
/// out of range costs no more than another.
Number read(const char* text, const Format& format, const char*& end);

/// A number on its way to a Format: (mantissa + rest) * 2^exponent, where `more`
/// says that the rest, below 1, is not 0. With a rest, the mantissa has at least
/// two bits more than the format.
struct Unrounded {
  unsigned __int128 mantissa = 0;
  std::int64_t exponent = 0;
  bool more = false;
};

/// To nearest, ties to even.
Number round(const Unrounded& value, const Format& format);

/// The number of bits of `value`; 0 for 0.
int bit_length(unsigned __int128 value);

}  // namespace atl::floating
