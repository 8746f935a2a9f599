// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <atoll/config/packet_elements_route.hpp>
#include <atoll/netdev.hpp>
#include <atoll/types.hpp>
#include <cstdint>
#include <span>

#include "routes.hpp"

namespace atl {

/// A host or router beside this one.
struct Neighbour {
  Ipv4 address = 0;
  MacAddress mac;
  Nanoseconds known_until;
  Nanoseconds asked_until;  ///< an answer is taken, and no further question sent, until then

  [[nodiscard]] bool is_known(Nanoseconds now) const { return now < known_until; }
  [[nodiscard]] bool is_asked(Nanoseconds now) const { return now < asked_until; }
};

/// Those that are known or asked for, in sets of four so that looking for one is bounded.
class Neighbours {
 public:
  /// Null for one that is not there.
  Neighbour* find(Ipv4 address);
  /// A place for one that is not there: nobody's, or that of the one which was learned first; and
  /// null where somebody in this set is asked for, so that questions, however many, cost those
  /// that are known no more than one place of four, and none is repeated too early.
  Neighbour* make(Ipv4 address, Nanoseconds now);

 private:
  static constexpr std::size_t kWays = 4;
  static constexpr std::size_t kSets = config::packet_elements_route::kNeighbours / kWays;

  std::span<Neighbour> set_of(Ipv4 address);

  std::array<Neighbour, kSets * kWays> all_{};
};

}  // namespace atl
