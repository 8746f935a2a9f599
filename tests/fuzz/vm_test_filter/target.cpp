// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// Patterns and a test's name, with a line's end between them.
#include <vector>

#include "../../../lib/vm_test/src/filter.hpp"
#include "../expect.hpp"
#include "../input.hpp"

namespace {

// By a table of which prefix matches which.
bool naive(std::string_view pattern, std::string_view text) {
  std::vector<bool> row(text.size() + 1);
  row[0] = true;
  for (const char p : pattern) {
    std::vector<bool> next(text.size() + 1);
    next[0] = p == '*' && row[0];
    for (std::size_t t = 0; t < text.size(); ++t) {
      next[t + 1] = p == '*' ? next[t] || row[t + 1] : row[t] && (p == '?' || p == text[t]);
    }
    row = next;
  }
  return row[text.size()];
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Input input{data, size < 1000 ? size : 1000};
  const std::size_t end = input.text().find('\n');
  const std::string_view pattern = input.text().substr(0, end);
  const std::string_view text =
      end == std::string_view::npos ? std::string_view{} : input.text().substr(end + 1);
  FUZZ_EXPECT(atl::vm_test::matches(pattern, text) == naive(pattern, text));

  const std::size_t dot = text.find('.');
  if (dot == std::string_view::npos || text.size() > 100) return 0;
  bool one = false;
  for (std::string_view left = pattern;; left.remove_prefix(left.find(':') + 1)) {
    one = one || naive(left.substr(0, left.find(':')), text);
    if (left.find(':') == std::string_view::npos) break;
  }
  FUZZ_EXPECT(atl::vm_test::matches(pattern, text.substr(0, dot), text.substr(dot + 1)) == one);
  return 0;
}
