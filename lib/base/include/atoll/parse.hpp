// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/result.hpp>
#include <cstdint>
#include <string_view>

namespace atl {

/// The number that all of `text` is: decimal digits, or hexadecimal ones after
/// 0x. kInvalidArgument for anything else, kOutOfRange above `largest`. Any
/// context.
Result<std::uint64_t> parse_number(std::string_view text,
                                   std::uint64_t largest = ~std::uint64_t{0});

}  // namespace atl
