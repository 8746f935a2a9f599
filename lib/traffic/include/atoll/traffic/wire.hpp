// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <atoll/make.hpp>
#include <atoll/traffic/plan.hpp>
#include <cstdint>

namespace atl::traffic {

/// Joins two devices: what one receives the other one sends, in the same order; what that has no
/// room for waits, and with it what comes behind. One thread; never blocks.
class Wire final : public OnHeap<Wire> {
 public:
  Wire(const Plan& plan, Netdev& one, Netdev& other)
      : plan_(plan), ways_{{{one, other}, {other, one}}} {}

  bool step();
  /// Whether as many packets have passed as the plan has.
  [[nodiscard]] bool is_over() const;
  bool arm();
  /// Packets that have passed from the first device to the second; or back.
  [[nodiscard]] std::uint64_t passed(bool back) const { return ways_[back].passed; }

 private:
  struct Way {
    Way(Netdev& in, Netdev& out) : from(in), to(out) {}
    Netdev& from;
    Netdev& to;
    std::uint64_t passed = 0;
    std::size_t first = 0;  // of those in `waiting`
    std::size_t last = 0;   // behind them
    std::array<Packet, Plan::kMostBatch> waiting;
  };
  bool step(Way& way);

  const Plan& plan_;
  std::uint64_t taken_ = 0;
  std::array<Way, 2> ways_;
};

}  // namespace atl::traffic
