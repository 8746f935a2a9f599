// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <cstring>
#include <string>
#include <string_view>

/// A printf conversion, and whether ISO C17 7.21.6.1 says what it does.
struct Conversion {
  std::string text, flags, length;
  int stars = 0;
  bool small = true;  // width and precision of at most three digits
  bool precision = false;
  char kind = 0;

  [[nodiscard]] bool is(std::string_view kinds) const {
    return kind != 0 && kinds.find(kind) != std::string_view::npos;
  }

  /// The conversion that `format` starts with.
  static Conversion parse(const char* format) {
    Conversion result;
    const char* at = format;
    if (*at++ != '%') return result;
    while (*at != 0 && std::strchr("-+ #0", *at) != nullptr) result.flags += *at++;
    result.number(at);
    if (*at == '.') {
      ++at;
      result.precision = true;
      result.number(at);
    }
    while (*at != 0 && std::strchr("hljztL", *at) != nullptr) result.length += *at++;
    result.kind = *at;
    if (*at != 0) result.text.assign(format, at + 1);
    return result;
  }

  [[nodiscard]] bool defined() const {
    const auto only = [this](const char* allowed) {
      return flags.find_first_not_of(allowed) == std::string::npos;
    };
    const bool integer_length = length == "" || length == "hh" || length == "h" || length == "l" ||
                                length == "ll" || length == "j" || length == "z" || length == "t";
    if (!small || text.empty()) return false;
    if (is("di")) return integer_length && only("-+ 0");
    if (is("u")) return integer_length && only("-0");
    if (is("oxX")) return integer_length && only("-#0");
    if (is("aAeEfFgG")) return (length == "" || length == "L" || length == "l") && only("-+ #0");
    if (is("s")) return (length == "" || length == "l") && only("-");
    if (is("c")) return (length == "" || length == "l") && only("-") && !precision;
    return false;
  }

 private:
  void number(const char*& at) {
    if (*at == '*') {
      ++stars;
      ++at;
      return;
    }
    const char* const first = at;
    while (*at >= '0' && *at <= '9') ++at;
    small = small && at - first <= 3;
  }
};
