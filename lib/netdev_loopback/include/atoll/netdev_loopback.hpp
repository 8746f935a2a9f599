// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <atoll/assert.hpp>
#include <atoll/lock.hpp>
#include <atoll/netdev.hpp>
#include <atomic>
#include <cstdint>
#include <span>

namespace atl {

/// One end of a cable inside the image: what is sent into it arrives, copied, at its peer; one
/// that is its own peer receives what it sends. Cable before peers: see connect().
///
/// What is sent on a queue arrives on the peer's queue of the same number, or, where fewer are
/// open, on that number modulo theirs.
///
/// A receiver that has `depth` packets waiting in a queue loses what comes then, as it does what
/// its pool has no buffer for: `receive_no_buffer`.
class NetdevLoopback final : public Netdev {
 public:
  static constexpr std::uint16_t kMostQueues = 4;

  /// With at most kMostQueues queues.
  explicit NetdevLoopback(const MacAddress& mac, std::uint32_t mtu = 1500, std::uint16_t queues = 1)
      : Netdev({.mac = mac, .mtu = mtu, .queues = queues, .buffer_bytes = 512}) {
    ATOLL_ASSERT(queues > 0 && queues <= kMostQueues);
  }

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
    std::uint16_t empty = 0;    // buffers in `empties`, the first of them
    std::uint16_t first = 0;    // of what is in `arrived`
    std::uint16_t waiting = 0;  // packets in it
    std::span<Packet> empties;
    std::span<Packet> arrived;
    Statistics counts;
  };

  struct Queue {
    Locked<Inbox, SpinLock> inbox;
    std::atomic<bool> armed = false;  // written under the lock of the inbox
    Locked<Statistics, SpinLock> sent;
  };

  static Result<void> open_queue(Queue& queue, const Settings& settings);
  static void close_queue(Queue& queue);

  void deliver(std::uint16_t sender, const Buffer& packet);
  /// A packet of empty buffers with room for `length` bytes; null where it is lost.
  Packet take_empty(Inbox& inbox, std::uint64_t length) const;
  /// How many packets may still come, with those that wait, before one is lost.
  std::size_t refill(Queue& queue);

  NetdevLoopback* peer_ = this;
  std::array<Queue, kMostQueues> queues_;
  std::atomic<std::uint16_t> open_queues_ = 0;
};

}  // namespace atl
