// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "filter.hpp"

#include <atoll/format.hpp>

namespace atl::vm_test {

bool matches(std::string_view pattern, std::string_view text) {
  // Where to go on when a guess about the last `*` was wrong.
  std::size_t after_star = std::string_view::npos;
  std::size_t retry = 0;
  std::size_t p = 0;
  std::size_t t = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      after_star = ++p;
      retry = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
      ++p;
      ++t;
    } else if (after_star != std::string_view::npos) {
      p = after_star;
      t = ++retry;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool matches(std::string_view patterns, std::string_view suite, std::string_view name) {
  std::array<char, 160> room;
  TextWriter full{room};
  full.text(suite).character('.').text(name);
  for (;;) {
    const std::size_t end = patterns.find(':');
    if (matches(patterns.substr(0, end), full.view())) return true;
    if (end == std::string_view::npos) return false;
    patterns.remove_prefix(end + 1);
  }
}

}  // namespace atl::vm_test
