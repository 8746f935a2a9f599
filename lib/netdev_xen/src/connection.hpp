// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/make.hpp>
#include <atoll/netdev.hpp>
#include <atoll/xen/events.hpp>
#include <atoll/xenbus.hpp>

#include "receiver.hpp"
#include "sender.hpp"

namespace atl::netdev_xen {

/// What a backend says of itself in xenstore, before it is connected.
struct Backend {
  bool split_channels = false;
  bool many_queues = false;  ///< it knows of more than one
  std::uint16_t queues = 1;
  std::uint32_t offloads = 0;  ///< Netdev's

  /// kNotSupported, with a line in the log, for one that does not copy what is received.
  static Result<Backend> read(const xenbus::Device& device);
};

/// An event channel to the backend.
class Channel {
 public:
  Channel() = default;
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;
  ~Channel() { close(); }

  /// Masked. Errors of xen::open_port() and irq::Domain::connect().
  Result<void> open(xen::DomainId backend, irq::Handler handler, void* context);
  void close();
  void listen() { xen::events().unmask(port_); }
  [[nodiscard]] xen::Port port() const { return port_; }

 private:
  xen::Port port_ = 0;  // 0: none (event_channel.h)
};

/// Both sides of a queue, and how they tell and are told.
struct Pair : OnHeap<Pair> {
  Pair(xen::DomainId backend, const Netdev::Settings& settings, std::uint32_t depth, bool standing)
      : sender(backend, *settings.pool, depth, standing),
        receiver(backend, *settings.pool, depth,
                 (settings.offloads & Netdev::kReceiveChecksum) != 0, standing) {}

  /// Tells the backend of a side; of both by one channel where there are no two.
  void notify_sending();
  void notify_receiving();

  Sender sender;
  Receiver receiver;
  Channel sending;
  Channel receiving;  ///< not open where sending is for both
};

/// Writes what the backend is to know of a connection with `settings`, but for its queues.
Result<void> write_wishes(const xenbus::Device& device, const Backend& backend,
                          const Netdev::Settings& settings);
/// Writes where the rings and channels of queue `index` of so many are.
Result<void> write_queue(const xenbus::Device& device, const Pair& pair, std::uint16_t index,
                         std::uint16_t queues);
/// Removes what write_queue() has written.
void remove_queue(const xenbus::Device& device, std::uint16_t index, std::uint16_t queues);

}  // namespace atl::netdev_xen
