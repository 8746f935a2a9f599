// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <atoll/config/netdev_xen.hpp>
#include <atoll/make.hpp>
#include <atoll/netdev.hpp>
#include <atoll/xenbus.hpp>
#include <atomic>

#include "connection.hpp"

namespace atl::netdev_xen {

/// A network device whose other half is a backend's.
class Driver final : public Netdev, public OnHeap<Driver> {
 public:
  /// With `standing` grants packets are copied, and pages are granted once for each opening.
  Driver(const xenbus::Device& device, const Info& info, bool standing);

  /// Begins to follow the backend; once.
  Result<void> follow();

 private:
  static constexpr std::size_t kMostQueues = config::netdev_xen::kQueues;

  /// What an event needs to know of a side of a queue. It stays when the queue goes: a handler
  /// may be at work on another CPU.
  struct Side {
    Driver* driver = nullptr;
    std::uint16_t queue = 0;
    Side* other = nullptr;  ///< of the queue, where one channel is for both
    std::atomic<bool> armed = false;
    std::atomic<std::uint64_t> interrupts = 0;
  };

  Result<Agreed> do_open(const Settings& settings) override;
  bool do_close() override;
  bool do_has_link() override;
  Statistics do_statistics() const override;
  std::size_t do_receive(std::uint16_t queue, std::span<Packet> into) override;
  std::size_t do_send(std::uint16_t queue, std::span<Packet> packets) override;
  void do_collect(std::uint16_t queue) override;
  bool do_arm(std::uint16_t queue, unsigned wishes) override;
  void do_disarm(std::uint16_t queue, unsigned wishes) override;

  Result<Agreed> connect(Settings wanted);
  Result<void> open_channels(std::uint16_t index, bool split);
  bool collect_sent(std::uint16_t queue);
  static void add_counts(const Pair& pair, Statistics& all);

  static void on_event(void* context);
  static void on_state(void* context);
  static void on_carrier(void* context);

  xenbus::Device device_;
  bool standing_;
  xenbus::BackendNumber state_;
  xenbus::BackendNumber carrier_;
  std::atomic<bool> connected_ = false;
  bool told_ = false;        // the backend, of a connection
  std::size_t least_ = 1;    // pages that a queue is never without
  std::uint16_t count_ = 0;  // of pairs
  std::array<Owned<Pair>, kMostQueues> pairs_;
  std::array<Side, kMostQueues> receiving_;
  std::array<Side, kMostQueues> sending_;
  Statistics past_;  // of queues that are gone
};

}  // namespace atl::netdev_xen
