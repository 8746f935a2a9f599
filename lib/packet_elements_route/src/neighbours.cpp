// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "neighbours.hpp"

namespace atl {

std::span<Neighbour> Neighbours::set_of(Ipv4 address) {
  // Fibonacci hashing: a product with 2^32 divided by the golden ratio, whose high bits count.
  const std::uint64_t spread = address * 0x9e37'79b1u;
  return {&all_[(spread * kSets >> 32) * kWays], kWays};
}

Neighbour* Neighbours::find(Ipv4 address) {
  for (Neighbour& one : set_of(address)) {
    if (one.address == address) return &one;
  }
  return nullptr;
}

Neighbour* Neighbours::make(Ipv4 address, Nanoseconds now) {
  Neighbour* place = nullptr;
  bool asked = false;
  for (Neighbour& one : set_of(address)) {
    if (!one.is_known(now) && one.is_asked(now)) {
      asked = true;
    } else if (place == nullptr || one.known_until < place->known_until) {
      place = &one;
    }
  }
  if (place == nullptr || (asked && place->is_known(now))) return nullptr;
  *place = {};
  place->address = address;
  return place;
}

}  // namespace atl
