// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/lock.hpp>
#include <atoll/netdev.hpp>
#include <cstdint>
#include <span>

namespace atl {

/// One end of a cable inside the image: what is sent into it arrives, copied, at its peer; one
/// that is its own peer receives what it sends. Cable before peers: see connect().
///
/// A receiver that has `depth` packets waiting loses what comes then, as it does what its pool
/// has no buffer for: `receive_no_buffer`.
class NetdevLoopback final : public Netdev {
 public:
  explicit NetdevLoopback(const MacAddress& mac, std::uint32_t mtu = 1500)
      : Netdev({.mac = mac, .mtu = mtu, .buffer_bytes = 512}) {}

  /// Puts a cable between the two, which are closed and outlive it.
  static void connect(NetdevLoopback& one, NetdevLoopback& other) {
    one.peer_ = &other;
    other.peer_ = &one;
  }

 private:
  Result<Agreed> do_open(const Settings& settings) override;
  bool do_close() override;
  bool do_has_link() override;
  Statistics do_statistics() const override;
  std::size_t do_receive(std::uint16_t queue, std::span<Packet> into) override;
  std::size_t do_send(std::uint16_t queue, std::span<Packet> packets) override;
  void do_collect(std::uint16_t queue) override;
  bool do_arm(std::uint16_t queue, unsigned wishes) override;
  void do_disarm(std::uint16_t queue, unsigned wishes) override;

  /// Rings of `depth` packets: buffers to receive into, and what has arrived in them.
  struct Inbox {
    bool open = false;
    bool armed = false;
    std::uint16_t empty = 0;    // buffers in `empties`, the first of them
    std::uint16_t first = 0;    // of what is in `arrived`
    std::uint16_t waiting = 0;  // packets in it
    std::span<Packet> empties;
    std::span<Packet> arrived;
    Statistics counts;
  };

  void deliver(const Buffer& packet);
  Packet take_empty(std::uint64_t length);
  void arrive(Packet packet);
  /// How many packets may still come, with those that wait, before one is lost.
  std::size_t refill();

  NetdevLoopback* peer_ = this;
  Locked<Inbox, SpinLock> inbox_;
  Locked<Statistics, SpinLock> sent_;
};

}  // namespace atl
