// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/netdev.hpp>
#include <string_view>

namespace atl::traffic {

/// Six hexadecimal numbers of one or two digits with colons between. kInvalidArgument. Any
/// context.
Result<MacAddress> parse_mac(std::string_view text);

}  // namespace atl::traffic
