// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// Two ints for `*`, 16 bytes of a value, then a format. Any format is run with
// arguments that every conversion may take; one conversion that ISO C17 defines
// is compared with the host's C library.
#include <atoll/formatter.hpp>

#include <sys/mman.h>
#include <array>
#include <cerrno>
#include <cfloat>
#include <cmath>
#include <cstdarg>
#include <cstdio>
#include <string>
#include <utility>

#include "../expect.hpp"
#include "../input.hpp"
#include "conversion.hpp"

namespace {

constexpr std::size_t kMostArguments = 96, kMostText = 8 << 10;

struct Text : atl::formatter::Output {
  Text() : Output{&append} {}
  static bool append(Output& self, const char* text, std::size_t size) {
    auto& all = static_cast<Text&>(self).text;
    if (all.size() + size > kMostText) return false;
    all.append(text, size);
    return true;
  }
  std::string text;
};

int print(Text& output, const char* format, ...) {
  std::va_list arguments;
  va_start(arguments, format);
  const int count = atl::formatter::format(output, format, arguments);
  va_end(arguments);
  return count;
}

/// What every argument points to: text, wide text, and room for a count. At one
/// address, for the same result each time. It is also what integers are, and as
/// a long double a number near 1: the smallest ones take milliseconds.
char* room() {
  constexpr std::uintptr_t kAddress = 0x13ff0, kPages = 0x13000;
  static void* const at = mmap(reinterpret_cast<void*>(kPages), 8192, PROT_READ | PROT_WRITE,
                               MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
  FUZZ_EXPECT(at == reinterpret_cast<void*>(kPages));
  return reinterpret_cast<char*>(kAddress);
}

template <std::size_t... I>
int print_any(Text& output, const char* format, double value, std::index_sequence<I...>) {
  char* const pointer = room();
  return print(output, format, value, -value, 0.5, 1e300, value, value, value, value,
               (static_cast<void>(I), pointer)...);
}

void run_any(const std::string& format, const std::array<char, 16>& value) {
  std::memset(room(), 0, 64);
  std::memcpy(room(), value.data(), value.size());
  double number = 0;
  std::memcpy(&number, value.data(), sizeof number);
  Text output;
  const int count =
      print_any(output, format.c_str(), number, std::make_index_sequence<kMostArguments>{});
  FUZZ_EXPECT(count == -1 || static_cast<std::size_t>(count) == output.text.size());
}

template <typename... T>
void same(const std::string& format, T... values) {
  static char expected[kMostText];
  const int size = std::snprintf(expected, sizeof expected, format.c_str(), values...);
  Text output;
  const int count = print(output, format.c_str(), values...);
  FUZZ_EXPECT(count == size);
  if (size < 0 || output.text == std::string(expected, static_cast<std::size_t>(size))) return;
  std::fprintf(stderr, "%s gives\n%s instead of\n%s\n", format.c_str(), output.text.c_str(),
               expected);
  const bool as_the_host = false;
  FUZZ_EXPECT(as_the_host);
}

template <typename T>
void with_stars(const Conversion& how, const std::string& format, const int (&stars)[2], T value) {
  if (how.stars == 0) same(format, value);
  if (how.stars == 1) same(format, stars[0], value);
  if (how.stars == 2) same(format, stars[0], stars[1], value);
}

/// Whether 7.21.6.1 leaves no choice, and the number is one that arithmetic makes:
/// with the leading bit exactly where the exponent is not 0 (Intel SDM 1 §4.2.2).
bool comparable(const Conversion& how, long double value) {
  if (how.is("aA")) return false;  // which first digit is the implementation's choice
  if (std::isinf(value) || value == 0) return true;
  if (LDBL_MANT_DIG != 64) return std::isfinite(value);
  std::uint64_t mantissa = 0;
  std::uint16_t exponent = 0;
  std::memcpy(&mantissa, &value, sizeof mantissa);
  std::memcpy(&exponent, reinterpret_cast<const char*>(&value) + sizeof mantissa, sizeof exponent);
  return (exponent & 0x7fff) != 0x7fff && ((exponent & 0x7fff) != 0) == (mantissa >> 63 != 0);
}
bool comparable(const Conversion& how, double value) {
  return !std::isnan(value) && (!how.is("aA") || std::fpclassify(value) != FP_SUBNORMAL);
}

void compare(const Conversion& how, const std::string& format, const int (&stars)[2],
             const std::array<char, 16>& value) {
  long integer = 0;
  double number = 0;
  long double longer = 0;
  std::memcpy(&integer, value.data(), sizeof integer);
  std::memcpy(&number, value.data(), sizeof number);
  std::memcpy(&longer, value.data(), sizeof longer < 10 ? sizeof longer : 10);
  char text[17] = {};
  wchar_t wide[17] = {};
  for (std::size_t i = 0; i < 16; ++i) {
    text[i] = value[i];
    wide[i] = static_cast<unsigned char>(value[i]);
  }
  if (how.is("dioxXu")) return with_stars(how, format, stars, integer);
  if (how.is("s") && how.length.empty()) return with_stars(how, format, stars, text);
  if (how.is("s")) return with_stars(how, format, stars, wide);
  if (how.is("c") && how.length.empty())
    return with_stars(how, format, stars, static_cast<int>(integer));
  if (how.is("c")) return with_stars(how, format, stars, static_cast<std::wint_t>(wide[0]));
  if (how.length == "L") {
    if (comparable(how, longer)) with_stars(how, format, stars, longer);
  } else if (comparable(how, number)) {
    with_stars(how, format, stars, number);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input{data, size};
  const int stars[2] = {input.take<std::int16_t>() % 500, input.take<std::int16_t>() % 500};
  const auto value = input.take<std::array<char, 16>>();
  // No more conversions than there are arguments for.
  const std::string format{input.text().substr(0, kMostArguments)};
  run_any(format, value);
  const auto how = Conversion::parse(format.c_str());
  if (how.defined()) compare(how, how.text, stars, value);
  return 0;
}
