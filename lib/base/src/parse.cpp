// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/parse.hpp>

namespace atl {
namespace {

/// The value of a digit of base 16; 16 for what is none.
unsigned digit_of(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  const char lower = static_cast<char>(c | 0x20);
  if (lower >= 'a' && lower <= 'f') return static_cast<unsigned>(lower - 'a') + 10;
  return 16;
}

}  // namespace

Result<std::uint64_t> parse_number(std::string_view text, std::uint64_t largest) {
  unsigned base = 10;
  if (text.size() > 2 && text[0] == '0' && (text[1] | 0x20) == 'x') {
    base = 16;
    text.remove_prefix(2);
  }
  if (text.empty()) return fail(Errc::kInvalidArgument);
  std::uint64_t value = 0;
  bool fits = true;
  for (const char c : text) {
    const unsigned digit = digit_of(c);
    if (digit >= base) return fail(Errc::kInvalidArgument);
    fits = fits && !__builtin_mul_overflow(value, base, &value) &&
           !__builtin_add_overflow(value, digit, &value);
  }
  if (!fits || value > largest) return fail(Errc::kOutOfRange);
  return value;
}

}  // namespace atl
