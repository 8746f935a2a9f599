// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <atoll/host/ram.hpp>
#include <atoll/netdev/conformance.hpp>
#include <memory>

#include "../src/driver.hpp"
#include "fake_backend.hpp"

namespace netdev_xen_test {

using atl::Buffer;
using atl::BufferPool;
using atl::Errc;
using atl::Netdev;
using atl::Offload;
using atl::Packet;
using namespace atl::netdev_conformance;

/// Two devices whose backends hand each other what they get, and their drivers.
class Cable : public atl::host::RamTest {
 protected:
  Cable() {
    fake::nodes.clear();
    fake::wait = nullptr;
    fake::grants_left = fake::ports_left = 1'000'000;
    for (const int end : {0, 1}) {
      backends_[end] = std::make_unique<FakeBackend>(end);
      backends_[end]->on_frame = [this, end](Frame frame) {
        // The same meanings have other bits there.
        frame.flags =
            (frame.flags & NETTXF_csum_blank) != 0 ? NETRXF_csum_blank | NETRXF_data_validated : 0;
        backends_[1 - end]->deliver(std::move(frame));
      };
    }
    fake::written = [this](const std::string& path) {
      for (auto& backend : backends_) backend->written(path);
    };
    both = this;
  }
  ~Cable() override {
    for (auto& driver : drivers_) {
      if (driver) driver->close();
    }
    fake::forget_watches();
    fake::written = nullptr;
    EXPECT_TRUE(fake::grants.empty()) << "grants were lost";
    EXPECT_TRUE(fake::ports.empty()) << "ports were lost";
    EXPECT_EQ(pool->statistics().free, kBuffers) << "buffers were lost";
  }

  /// Makes the drivers, of backends as they are now.
  void connect(std::uint16_t queues = 1) {
    info_.offloads = ~0u;
    info_.queues = queues;
    info_.buffer_bytes = 4096;
    fake::forget_watches();
    for (const int end : {0, 1}) {
      const auto device = atl::xenbus::Device::find(backends_[end]->node);
      drivers_[end] = std::make_unique<atl::netdev_xen::Driver>(device.value(), info_, standing);
      ASSERT_TRUE(drivers_[end]->follow().ok());
    }
  }
  static void work() {
    for (int times = 0; times < 2; ++times) {
      for (auto& backend : both->backends_) backend->work();
    }
  }
  Subject subject() { return {left(), right(), *pool, work}; }
  Netdev& left() { return *drivers_[0]; }
  Netdev& right() { return *drivers_[1]; }
  FakeBackend& left_backend() { return *backends_[0]; }
  FakeBackend& right_backend() { return *backends_[1]; }
  FakeBackend& backend(int end) { return *backends_[end]; }

  static constexpr std::uint32_t kBuffers = 320;
  bool standing = false;
  atl::Owned<BufferPool> pool = BufferPool::create({.buffers = kBuffers, .bytes = 4096}).value();
  Netdev::Info info_{.mac = {{0, 0x16, 0x3e, 0, 0, 1}}};

 private:
  static inline Cable* both = nullptr;

  std::array<std::unique_ptr<FakeBackend>, 2> backends_;
  std::array<std::unique_ptr<atl::netdev_xen::Driver>, 2> drivers_;
};

}  // namespace netdev_xen_test
