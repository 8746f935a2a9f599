// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <atoll/console.hpp>
#include <atoll/format.hpp>
#include <atoll/packet_network.hpp>

namespace netfn {

/// Writes to the console; a line is cut at 320 bytes.
template <typename... Arguments>
void say(atl::FormatString<std::type_identity_t<Arguments>...> pattern,
         const Arguments&... arguments) {
  std::array<char, 320> room;
  atl::TextWriter text{room};
  atl::format_to(text, pattern, arguments...);
  atl::console::write(text.view());
}

/// Writes a line for each interface and element, then what all of them add up to.
void report(const atl::PacketNetwork& network);

}  // namespace netfn
