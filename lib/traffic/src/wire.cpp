// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <algorithm>
#include <atoll/traffic/wire.hpp>

namespace atl::traffic {

bool Wire::step(Way& way) {
  if (way.first == way.last) {
    std::uint64_t most = plan_.batch;
    if (plan_.packets != 0) most = std::min(most, plan_.packets - taken_);
    way.first = 0;
    way.last = most == 0 ? 0 : way.from.receive(0, std::span{way.waiting}.first(most));
    taken_ += way.last;
    if (way.last == 0) return false;
  }
  const std::size_t sent =
      way.to.send(0, std::span{way.waiting}.subspan(way.first, way.last - way.first));
  way.first += sent;
  way.passed += sent;
  return sent != 0;
}

bool Wire::step() {
  const bool there = step(ways_[0]);
  return step(ways_[1]) || there;
}

bool Wire::is_over() const {
  return plan_.packets != 0 && ways_[0].passed + ways_[1].passed >= plan_.packets;
}

bool Wire::arm() {
  bool quiet = true;
  for (Way& way : ways_) {
    // One with packets that wait receives nothing: it is the other side's room that counts.
    quiet = (way.first == way.last ? way.from.arm(0, Netdev::kReceive)
                                   : way.to.arm(0, Netdev::kSend)) &&
            quiet;
  }
  return quiet;
}

}  // namespace atl::traffic
