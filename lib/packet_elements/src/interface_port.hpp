// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/netdev.hpp>
#include <atoll/packet_element.hpp>
#include <atoll/types.hpp>

namespace atl {

/// An interface as an element: what is pushed is sent; what is received goes to its output.
class InterfacePort final : public Element {
 public:
  InterfacePort(Netdev& device, std::uint32_t bit) : device_(device), bit_(bit) {}
  ~InterfacePort() { device_.close(); }

  [[nodiscard]] const Netdev& device() const { return device_; }
  [[nodiscard]] std::uint32_t bit() const { return bit_; }

  /// Errors of Netdev::open(): then it is gone.
  Result<void> open(const Netdev::Settings& settings);
  /// Gone: it takes and gives nothing for ever.
  [[nodiscard]] bool gone() const { return gone_; }
  /// Restarts it where it is faulty; gone where that fails.
  void look_after();

  /// Which interfaces its packets may go to.
  void set_reach(std::uint32_t reach) { reach_ = reach; }
  [[nodiscard]] std::uint32_t reach() const { return reach_; }
  /// Receives a batch of `most` at most, unless one of `blocked` may be where it goes, and pushes
  /// it through: how many packets.
  std::size_t forward(PacketBatch& batch, std::size_t most, std::uint32_t blocked);
  /// Sends what waits, and drops it where nothing went for a second: whether something still
  /// waits.
  bool flush() { return !waiting_.empty() && flush_waiting(); }
  /// Asks the device for events; false where there is something to do already.
  bool arm();
  [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }

 private:
  void do_push(std::uint16_t input, PacketBatch& batch) override;
  void do_report(Counters& into) const override;
  const Netdev::Info* do_interface_info() const override { return &device_.info(); }
  void do_destroy() override;

  void hold(PacketBatch& batch);
  bool flush_waiting();

  Netdev& device_;
  std::uint32_t bit_;
  std::uint32_t reach_ = 0;
  bool gone_ = true;
  bool stalled_ = false;    // takes nothing: what is pushed is dropped until it does
  Nanoseconds held_since_;  // of waiting_: when something of it went last
  PacketBatch waiting_;     // what the device did not take yet
  std::uint64_t received_ = 0;
  std::uint64_t taken_ = 0;
  std::uint64_t no_room_ = 0;
  std::uint64_t down_ = 0;
};

}  // namespace atl
