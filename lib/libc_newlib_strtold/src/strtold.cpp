// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// strtold() of an image whose long double is binary128. Every symbol of newlib's
// own object (libc/stdlib/strtold.c) is defined here, so that the linker never
// takes that one; wcstold() and newlib's scanf come in through them. The radix
// character is `.` in all of newlib's locales.
#include <bit>
#include <cerrno>
#include <cfloat>
#include <cstdlib>

#include "floating.hpp"

static_assert(LDBL_MANT_DIG == atl::floating::kBinary128.precision &&
              LDBL_MAX_EXP == atl::floating::kBinary128.limit);

namespace {

using atl::floating::Number;

// IEEE 754-2019 §3.4: sign, 15 bits of exponent, the mantissa without its first
// bit, which the exponent tells.
long double encode(const Number& number) {
  constexpr int kFraction = atl::floating::kBinary128.precision - 1;
  constexpr unsigned __int128 kSpecial = static_cast<unsigned __int128>(0x7fff) << kFraction;
  unsigned __int128 bits = number.mantissa;
  if (number.kind == Number::Kind::kInfinite) {
    bits = kSpecial;
  } else if (number.kind == Number::Kind::kNotANumber) {
    bits = kSpecial | static_cast<unsigned __int128>(1) << (kFraction - 1);  // quiet
  } else if (bits >> kFraction != 0) {
    // The first bit adds the last 1 to the exponent's field.
    const int above = number.exponent - atl::floating::kBinary128.least_exponent;
    bits += static_cast<unsigned __int128>(above) << kFraction;
  }
  if (number.negative) bits |= static_cast<unsigned __int128>(1) << 127;
  return std::bit_cast<long double>(bits);
}

}  // namespace

extern "C" {

long double strtold(const char* __restrict text, char** __restrict end) {
  const char* behind = nullptr;
  const Number number = atl::floating::read(text, atl::floating::kBinary128, behind);
  if (end != nullptr) *end = const_cast<char*>(behind);
  if (number.out_of_range) errno = ERANGE;
  return encode(number);
}

long double strtold_l(const char* __restrict text, char** __restrict end, locale_t) {
  return strtold(text, end);
}

long double _strtold_r(struct _reent*, const char* __restrict text, char** __restrict end) {
  return strtold(text, end);
}

}  // extern "C"
