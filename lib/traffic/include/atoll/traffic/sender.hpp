// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <atoll/make.hpp>
#include <atoll/traffic/plan.hpp>
#include <cstdint>

namespace atl::traffic {

/// Makes the packets of a plan and hands them to a device, one after another: what the device
/// does not take waits for the next step. One thread at a time; never blocks.
class Sender final : public OnHeap<Sender> {
 public:
  /// All of them outlive it. `pool` is for nobody else, and has buffers for the longest frame.
  Sender(Netdev& device, BufferPool& pool, const Plan& plan, const Ends& ends)
      : device_(device), pool_(pool), plan_(plan), ends_(ends) {}

  /// Hands over up to `most` packets, and no more than a batch: how many the device took.
  std::size_t step(std::uint64_t most);

  [[nodiscard]] std::uint64_t sent() const { return sent_; }
  [[nodiscard]] std::uint64_t sent_bytes() const { return sent_bytes_; }
  [[nodiscard]] std::uint64_t most() const {
    return plan_.packets == 0 ? kNumbers - 1 : plan_.packets;
  }
  /// The last step found no room, in the device or in the pool.
  [[nodiscard]] bool is_full() const { return full_; }
  /// Whether the device has given back everything.
  [[nodiscard]] bool is_done() const;
  [[nodiscard]] Netdev& device() const { return device_; }

 private:
  void make(std::size_t wanted);

  Netdev& device_;
  BufferPool& pool_;
  const Plan& plan_;
  const Ends& ends_;
  std::uint64_t sent_ = 0;
  std::uint64_t sent_bytes_ = 0;
  bool full_ = false;
  std::size_t first_ = 0;  // of those in `made_` that wait
  std::size_t last_ = 0;   // behind them
  std::array<Packet, Plan::kMostBatch> made_;
};

}  // namespace atl::traffic
