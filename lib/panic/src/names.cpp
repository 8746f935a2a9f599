// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "report.hpp"

#include <algorithm>
#include <cstring>
#include <span>

/// support/atoll/symbol_names.py makes it: a number of functions, their offsets in the
/// image, ascending, then their names.
extern "C" const std::uint32_t atoll_symbol_names[];

namespace atl::report {

void append_name(TextWriter& line, std::uint64_t offset, bool is_return_address) {
  const std::span<const std::uint32_t> places{atoll_symbol_names + 1, atoll_symbol_names[0]};
  const auto above = std::upper_bound(places.begin(), places.end(),
                                      offset - (is_return_address && offset > 0 ? 1 : 0));
  if (above == places.begin()) return;
  const auto* name = reinterpret_cast<const char*>(places.data() + places.size());
  for (auto at = places.begin() + 1; at != above; ++at) name += std::strlen(name) + 1;
  line.character(' ').text(name).text("+0x").hex(offset - above[-1]);
}

}  // namespace atl::report
