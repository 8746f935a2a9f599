// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/console.hpp>
#include <atoll/format.hpp>
#include <atoll/traffic/trial.hpp>
#include <atoll/traffic/wire.hpp>

#include "devices.hpp"

namespace pktgen {

/// Writes a line, of at most 300 bytes, to the console.
template <typename... Arguments>
void say(atl::FormatString<std::type_identity_t<Arguments>...> pattern,
         const Arguments&... arguments) {
  std::array<char, 300> room;
  atl::TextWriter line{room};
  const std::array<atl::FormatArgument, sizeof...(Arguments)> erased{
      atl::FormatArgument{arguments}...};
  atl::format(line.text("pktgen: "), pattern.view(), erased);
  atl::console::write(line.view());
  atl::console::write("\n");
}

/// What is known meanwhile, after so long.
void report_progress(const atl::traffic::Sender* sender, const atl::traffic::Tally* tally,
                     const Devices& devices, atl::Nanoseconds time);
void report_progress(const atl::traffic::Wire& wire, const Devices& devices, atl::Nanoseconds time);
/// What is known in the end.
void report(const atl::traffic::Sender* sender, const atl::traffic::Tally* tally,
            const atl::traffic::Trial& trial);
void report(const atl::traffic::Wire& wire, atl::Nanoseconds took);
/// Of each interface and of the memory.
void report(const Devices& devices);

}  // namespace pktgen
