// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <string_view>

namespace atl::traffic {

/// What stands before the first `separator` of a text and behind it; all is before where there
/// is none.
struct Halves {
  std::string_view before;
  std::string_view behind;
  bool found = false;
};
inline Halves split(std::string_view text, std::string_view separator) {
  const std::size_t at = text.find(separator);
  if (at == std::string_view::npos) return {text, {}, false};
  Halves halves{{text.data(), at}, text, true};
  halves.behind.remove_prefix(at + separator.size());
  return halves;
}

}  // namespace atl::traffic
