// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <algorithm>
#include <atoll/netdev.hpp>
#include <atoll/traffic/tally.hpp>

namespace atl::traffic {

/// A device that takes no more packets than a test lets it, and judges them.
class Reluctant final : public Netdev {
 public:
  Reluctant() : Netdev({}) {}

  std::size_t room = 0;
  Owned<Tally> tally = Tally::create(1, 1, Payload::kPattern).value();

 private:
  Result<Agreed> do_open(const Settings&) override { return Agreed{1, 0}; }
  bool do_close() override { return true; }
  bool do_has_link() override { return true; }
  Statistics do_statistics() const override { return {}; }
  std::size_t do_receive(std::uint16_t, std::span<Packet>) override { return 0; }
  std::size_t do_send(std::uint16_t, std::span<Packet> packets) override {
    const std::size_t taken = std::min(room, packets.size());
    for (Packet& packet : packets.first(taken)) {
      tally->note(packet->bytes());
      packet.reset();
    }
    room -= taken;
    return taken;
  }
  void do_collect(std::uint16_t) override {}
  bool do_arm(std::uint16_t, unsigned) override { return room == 0; }
  void do_disarm(std::uint16_t, unsigned) override {}
};

}  // namespace atl::traffic
