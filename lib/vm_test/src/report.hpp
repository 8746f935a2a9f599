// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/console.hpp>
#include <atoll/format.hpp>

namespace atl::vm_test {

/// Writes a formatted line to the console in one call.
template <typename... Arguments>
void report(FormatString<std::type_identity_t<Arguments>...> pattern,
            const Arguments&... arguments) {
  std::array<char, 400> room;
  TextWriter line{room};
  const std::array<FormatArgument, sizeof...(Arguments)> erased{FormatArgument{arguments}...};
  format(line, pattern.view(), erased);
  console::write(line.view());
}

}  // namespace atl::vm_test
