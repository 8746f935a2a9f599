// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "text.hpp"

#include <atoll/parse.hpp>
#include <atoll/traffic/sizes.hpp>

namespace atl::traffic {

Result<Sizes> parse_sizes(std::string_view text) {
  if (text == "mix") return Sizes{.smallest = 64, .largest = 1514, .mixed = true};
  constexpr std::uint32_t kLargest = 65'535;
  const auto [first, second, is_range] = split(text, "..");
  const auto smallest = static_cast<std::uint32_t>(TRY(parse_number(first, kLargest)));
  if (!is_range) return Sizes{.smallest = smallest, .largest = smallest};
  const auto largest = static_cast<std::uint32_t>(TRY(parse_number(second, kLargest)));
  if (largest < smallest) return fail(Errc::kInvalidArgument);
  return Sizes{.smallest = smallest, .largest = largest};
}

}  // namespace atl::traffic
