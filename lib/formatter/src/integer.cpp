// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "writer.hpp"

namespace atl::formatter {

void write_integer(Writer& writer, const Specification& how, std::uintmax_t magnitude,
                   bool negative) {
  char digits[sizeof(std::uintmax_t) * 8 / 3 + 1];
  char* const end = digits + sizeof digits;
  char* at = end;
  const bool hexadecimal = how.conversion == 'x' || how.conversion == 'X' || how.conversion == 'p';
  const char* const letters = how.conversion == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
  const unsigned base = hexadecimal ? 16 : how.conversion == 'o' ? 8 : 10;
  for (std::uintmax_t rest = magnitude; rest != 0; rest /= base) *--at = letters[rest % base];

  const std::int64_t size = end - at;
  char prefix[2];
  int prefixes = 0;
  if (how.conversion == 'd' || how.conversion == 'i') {
    if (const char sign = sign_of(how, negative); sign != 0) prefix[prefixes++] = sign;
  } else if (hexadecimal && ((how.alternate && magnitude != 0) || how.conversion == 'p')) {
    prefix[prefixes++] = '0';
    prefix[prefixes++] = how.conversion == 'X' ? 'X' : 'x';
  }

  std::int64_t shown = how.precision >= 0 ? how.precision : 1;
  if (how.conversion == 'o' && how.alternate && shown <= size) shown = size + 1;
  if (how.precision < 0 && how.zero && !how.left && shown < how.width - prefixes)
    shown = how.width - prefixes;
  if (shown < size) shown = size;

  writer.before(how, shown + prefixes);
  writer.put(prefix, static_cast<std::size_t>(prefixes));
  writer.pad('0', shown - size);
  writer.put(at, static_cast<std::size_t>(size));
  writer.after(how, shown + prefixes);
}

}  // namespace atl::formatter
