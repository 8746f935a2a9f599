// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "../src/bus.hpp"

#include <gtest/gtest.h>

#include <array>

#include <atoll/host/virtio_transport.hpp>

namespace virtio_test {

using namespace atl::host;
using atl::Errc;
using atl::Result;
namespace {

using atl::virtio::Device;
using atl::virtio::Driver;

std::vector<std::string> calls;

Result<void> probe_network(Device& device) {
  calls.push_back("network " + std::to_string(device.type()));
  return {};
}
Result<void> probe_entropy(Device& device) {
  calls.push_back("entropy " + std::to_string(device.type()));
  return atl::fail(Errc::kNoMemory);
}

constexpr std::array<Driver, 2> kTable{{{"1", probe_network}, {"4", probe_entropy}}};

TEST(Bus, a_device_goes_to_the_driver_of_its_kind) {
  calls.clear();
  for (const std::uint32_t type : {4u, 1u, 14u, 0u, 1u}) {
    FakeTransport device{type};
    atl::virtio::attach_to(device, kTable);
  }
  EXPECT_EQ(calls, (std::vector<std::string>{"entropy 4", "network 1", "network 1"}));
}

}  // namespace
}  // namespace virtio_test
