// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <atoll/format.hpp>
#include <atoll/packet_network.hpp>

namespace netfn {

void write(std::string_view pattern, std::span<const atl::FormatArgument> arguments);

/// Writes to the console; a line is cut at 320 bytes.
template <typename... Arguments>
void say(atl::FormatString<std::type_identity_t<Arguments>...> pattern,
         const Arguments&... arguments) {
  const std::array<atl::FormatArgument, sizeof...(Arguments)> erased{
      atl::FormatArgument{arguments}...};
  write(pattern.view(), erased);
}

/// Writes a line for each interface and element, then what all of them add up to.
void report(const atl::PacketNetwork& network);

}  // namespace netfn
