// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "specification.hpp"

#include <climits>

namespace atl::formatter {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool parse_number(const char*& at, int& value) {
  value = 0;
  while (is_digit(*at)) {
    const int digit = *at++ - '0';
    if (value > (INT_MAX - digit) / 10) return false;
    value = value * 10 + digit;
  }
  return true;
}

bool parse_flag(char c, Specification& into) {
  switch (c) {
    case '-':
      into.left = true;
      return true;
    case '+':
      into.plus = true;
      return true;
    case ' ':
      into.space = true;
      return true;
    case '#':
      into.alternate = true;
      return true;
    case '0':
      into.zero = true;
      return true;
    default:
      return false;
  }
}

}  // namespace

[[gnu::noinline]] std::int64_t Arguments::next_word() {
  static_assert(sizeof(long) == sizeof(std::int64_t) && sizeof(void*) == sizeof(std::int64_t));
  return va_arg(list, long);
}

Length parse_length(const char*& at) {
  switch (*at) {
    case 'h':
      if (*++at != 'h') return Length::kShort;
      ++at;
      return Length::kChar;
    case 'l':
      if (*++at != 'l') return Length::kLong;
      ++at;
      return Length::kLongLong;
    case 'j':
      ++at;
      return Length::kMax;
    case 'z':
      ++at;
      return Length::kSize;
    case 't':
      ++at;
      return Length::kDifference;
    case 'L':
      ++at;
      return Length::kLongDouble;
    default:
      return Length::kNone;
  }
}

bool parse(const char*& at, Arguments& arguments, Specification& into) {
  while (parse_flag(*at, into)) ++at;
  if (*at == '*') {
    ++at;
    into.width = static_cast<int>(arguments.next_word());
    if (into.width < 0) {
      if (into.width == INT_MIN) return false;
      into.left = true;
      into.width = -into.width;
    }
  } else if (!parse_number(at, into.width)) {
    return false;
  }
  if (*at == '.') {
    ++at;
    if (*at == '*') {
      ++at;
      into.precision = static_cast<int>(arguments.next_word());
      if (into.precision < 0) into.precision = -1;
    } else if (!parse_number(at, into.precision)) {
      return false;
    }
  }
  into.length = parse_length(at);
  into.conversion = *at;
  if (*at != 0) ++at;
  return true;
}

}  // namespace atl::formatter
