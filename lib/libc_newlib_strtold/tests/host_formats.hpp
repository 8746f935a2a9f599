// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

// The host's C library for what each format's number must be, bit by bit.
#include <cerrno>
#include <cfloat>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>

#include "../src/floating.hpp"

#if LDBL_MANT_DIG == 64 && defined(__clang__)
// glibc's headers do not take Clang for a compiler that has the type.
extern "C" __float128 strtof128(const char* text, char** end) noexcept;
extern "C" __float128 ldexpf128(__float128 value, int exponent) noexcept;
#endif

namespace atl::floating {

struct Binary64 {
  using Value = double;
  static constexpr Format kFormat = kBinary64;
  static constexpr std::size_t kBytes = 8;
  static Value read(const char* text, char** end) { return std::strtod(text, end); }
  static Value scale(Value value, int exponent) { return std::ldexp(value, exponent); }
};

#if LDBL_MANT_DIG == 64
struct X87Extended {
  using Value = long double;
  static constexpr Format kFormat = kX87Extended;
  static constexpr std::size_t kBytes = 10;
  static Value read(const char* text, char** end) { return std::strtold(text, end); }
  static Value scale(Value value, int exponent) { return std::ldexp(value, exponent); }
};

struct Binary128 {
  using Value = __float128;
  static constexpr Format kFormat = kBinary128;
  static constexpr std::size_t kBytes = 16;
  static Value read(const char* text, char** end) { return strtof128(text, end); }
  static Value scale(Value value, int exponent) { return ldexpf128(value, exponent); }
};
#else
struct Binary128 {
  using Value = long double;
  static constexpr Format kFormat = kBinary128;
  static constexpr std::size_t kBytes = 16;
  static Value read(const char* text, char** end) { return std::strtold(text, end); }
  static Value scale(Value value, int exponent) { return std::ldexp(value, exponent); }
};
#endif

/// The number as the machine has it; for comparison by bits. Finite or infinite.
template <typename F>
std::string bits(const Number& number) {
  typename F::Value value =
      number.kind == Number::Kind::kInfinite
          ? static_cast<typename F::Value>(HUGE_VAL)
          : F::scale(static_cast<typename F::Value>(number.mantissa), number.exponent);
  if (number.negative) value = -value;
  return std::string(reinterpret_cast<const char*>(&value), F::kBytes);
}

/// What is wrong with the number that a text gives: its end, its value, whether
/// it is out of range; null where all is as the host has it.
template <typename F>
const char* difference_from_host(const std::string& text) {
  const char* end = nullptr;
  const Number number = read(text.c_str(), F::kFormat, end);
  char* host_end = nullptr;
  errno = 0;
  const typename F::Value host = F::read(text.c_str(), &host_end);
  const bool host_range = errno == ERANGE;
  if (end != host_end) return "ends elsewhere";
  if (number.kind == Number::Kind::kNotANumber) return host != host ? nullptr : "is a number";
  if (bits<F>(number) != std::string(reinterpret_cast<const char*>(&host), F::kBytes))
    return "has another value";
  // Whether a number that rounds up to the smallest normal one underflows is
  // where implementations differ (IEEE 754-2019 §7.5).
  const bool smallest_normal = number.exponent == F::kFormat.least_exponent &&
                               number.mantissa == static_cast<unsigned __int128>(1)
                                                      << (F::kFormat.precision - 1);
  if (smallest_normal || number.out_of_range == host_range) return nullptr;
  return "is out of range, or is not";
}

}  // namespace atl::floating
