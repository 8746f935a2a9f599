// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "routes.hpp"

namespace atl {

void Routes::add(const Route& route) {
  ATOLL_ASSERT(count_ < routes_.size());
  unsigned place = count_++;
  for (; place > 0 && routes_[place - 1].mask < route.mask; --place) {
    routes_[place] = routes_[place - 1];
  }
  routes_[place] = route;
}

const Route* Routes::find(Ipv4 address) const {
  for (unsigned i = 0; i < count_; ++i) {
    if (routes_[i].holds(address)) return &routes_[i];
  }
  return nullptr;
}

bool Routes::has(Ipv4 network, Ipv4 mask) const {
  for (unsigned i = 0; i < count_; ++i) {
    if (routes_[i].network == network && routes_[i].mask == mask) return true;
  }
  return false;
}

const Route* Routes::overlapping(Ipv4 network, Ipv4 mask) const {
  for (unsigned i = 0; i < count_; ++i) {
    const Route& one = routes_[i];
    if (one.ours || one.next_hop != 0) continue;
    if (((one.network ^ network) & one.mask & mask) == 0) return &one;
  }
  return nullptr;
}

}  // namespace atl
