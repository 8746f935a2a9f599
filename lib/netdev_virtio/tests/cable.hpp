// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <atoll/host/ram.hpp>
#include <atoll/netdev/conformance.hpp>
#include <memory>

#include "../src/driver.hpp"
#include "fake_network.hpp"

namespace netdev_virtio_test {

using atl::Buffer;
using atl::BufferPool;
using atl::Errc;
using atl::Netdev;
using atl::Offload;
using atl::Packet;
using atl::host::PackedDevice;
using atl::host::SplitDevice;
using namespace atl::netdev_conformance;
namespace feature = atl::netdev_virtio::feature;

inline constexpr std::uint64_t kBasic = feature::kMac | feature::kStatus;

/// Two devices whose cable is code, and their drivers.
template <typename Virtqueue>
class Cable : public atl::host::RamTest {
 protected:
  void connect(std::uint64_t features) {
    constexpr bool packed = std::is_same_v<Virtqueue, PackedDevice>;
    features |= packed ? atl::virtio::feature::kPackedRing : 0;
    features |= most_pairs > 1 ? feature::kControl | feature::kMultiqueue : 0;
    info_.queues = most_pairs;
    for (auto& end : ends_) end = std::make_unique<FakeNetwork<Virtqueue>>(features, most_pairs);
    for (const int end : {0, 1}) {
      ends_[end]->on_frame = [&, end](std::uint16_t pair, const Header& header, Bytes frame) {
        ends_[1 - end]->deliver(pair, header, std::move(frame));
      };
      drivers_[end] = std::make_unique<Driver>(ends_[end]->transport, info_, most_pairs);
    }
    both = this;
  }
  static void work() {
    for (int times = 0; times < 2; ++times) {
      for (auto& end : both->ends_) end->work();
    }
  }
  Subject subject() { return {left(), right(), *pool, work, most_pairs}; }
  Netdev& left() { return *drivers_[0]; }
  Netdev& right() { return *drivers_[1]; }
  FakeNetwork<Virtqueue>& left_device() { return *ends_[0]; }
  FakeNetwork<Virtqueue>& right_device() { return *ends_[1]; }

  atl::Owned<BufferPool> pool = BufferPool::create({.buffers = 320}).value();
  std::uint16_t most_pairs = 1;  ///< that both devices have
  Netdev::Info info_{.mac = {{2, 0, 0, 0, 0, 1}}};

 private:
  using Driver = atl::netdev_virtio::Driver<typename Virtqueue::Ring>;
  static inline Cable* both = nullptr;

  std::array<std::unique_ptr<FakeNetwork<Virtqueue>>, 2> ends_;
  std::array<std::unique_ptr<Driver>, 2> drivers_;
};

}  // namespace netdev_virtio_test
