// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>

#include "../src/mac_text.hpp"
#include "cable.hpp"

namespace atl {
Result<void> netdev_xen_probe(const xenbus::Device& device);
}

namespace netdev_xen_test {
namespace {

class Probe : public Cable {
 protected:
  static std::size_t devices() {
    std::size_t count = 0;
    while (atl::netdev::at(count) != nullptr) ++count;
    return count;
  }
  /// The device that was found; null where none was.
  Netdev* found() {
    const auto device = atl::xenbus::Device::find(left_backend().node);
    const std::size_t before = devices();
    const auto probed = atl::netdev_xen_probe(device.value());
    error = probed.error();
    EXPECT_EQ(devices(), before + (probed.ok() ? 1 : 0));
    return probed.ok() ? atl::netdev::at(before) : nullptr;
  }
  Netdev* found_with(const std::string& key, const std::string& value) {
    const auto nodes = fake::nodes;
    fake::nodes[key] = value;
    Netdev* const device = found();
    fake::nodes = nodes;
    return device;
  }

  Errc error{};
};

TEST_F(Probe, what_is_said_of_it_is_read) {
  fake::nodes[left_backend().node + "/mac"] = "00:16:3e:AB:cd:0f";
  fake::nodes[left_backend().node + "/mtu"] = "9000";
  const Netdev* const device = found();
  ASSERT_NE(device, nullptr);
  EXPECT_EQ(device->info().mac, (atl::MacAddress{{0, 0x16, 0x3e, 0xab, 0xcd, 0x0f}}));
  EXPECT_EQ(device->info().mtu, 9000u);
  EXPECT_EQ(device->info().queues, 1);
  EXPECT_EQ(device->info().buffer_bytes, 4096u);
  EXPECT_EQ(device->info().offloads, Netdev::kSendChecksum | Netdev::kReceiveChecksum |
                                         Netdev::kSendTcp4 | Netdev::kSendTcp6 |
                                         Netdev::kReceiveLarge);
}

TEST_F(Probe, one_that_does_not_copy_is_refused_and_named) {
  testing::internal::CaptureStderr();
  left_backend().say("feature-rx-copy", "0");
  EXPECT_EQ(found(), nullptr);
  EXPECT_EQ(error, Errc::kNotSupported);
  fake::nodes.erase(left_backend().own + "/feature-rx-copy");
  EXPECT_EQ(found(), nullptr);
  EXPECT_EQ(error, Errc::kNotSupported);
  testing::internal::GetCapturedStderr();
}

TEST_F(Probe, offloads_are_what_the_backend_has) {
  const std::string& own = left_backend().own;
  constexpr std::uint32_t kSends = Netdev::kSendChecksum | Netdev::kSendTcp4 | Netdev::kSendTcp6;
  const auto sends = [&](const char* key, const char* value) {
    return found_with(own + "/" + key, value)->info().offloads & kSends;
  };
  EXPECT_EQ(sends("feature-no-csum-offload", "1"), 0u);
  EXPECT_EQ(sends("feature-ipv6-csum-offload", "0"), 0u);
  EXPECT_EQ(sends("feature-sg", "0"), Netdev::kSendChecksum);
  EXPECT_EQ(sends("feature-gso-tcpv4", "0"), Netdev::kSendChecksum | Netdev::kSendTcp6);
  EXPECT_EQ(sends("feature-gso-tcpv6", "0"), Netdev::kSendChecksum | Netdev::kSendTcp4);
}

TEST_F(Probe, queues_are_as_many_as_both_have) {
  const std::string key = left_backend().own + "/multi-queue-max-queues";
  EXPECT_EQ(found_with(key, "2")->info().queues, 2);
  EXPECT_EQ(found_with(key, "4000000000")->info().queues, 4);
  EXPECT_EQ(found_with(key, "0")->info().queues, 1);
}

TEST_F(Probe, what_makes_no_sense_is_no_device) {
  const std::string& node = left_backend().node;
  for (const char* mac : {"", "00:16:3e:00:00", "00:16:3e:00:00:0g", "00-16-3e-00-00-01",
                          "01:16:3e:00:00:01", "00:16:3e:00:00:011", "ff:ff:ff:ff:ff:ff"}) {
    EXPECT_EQ(found_with(node + "/mac", mac), nullptr) << mac;
    EXPECT_EQ(error, Errc::kProtocol);
  }
  for (const char* mtu : {"", "67", "65518", "0", "-1", "lots"}) {
    EXPECT_EQ(found_with(node + "/mtu", mtu), nullptr) << mtu;
    EXPECT_EQ(error, Errc::kProtocol);
  }
  for (const char* key : {"feature-rx-copy", "feature-sg", "multi-queue-max-queues",
                          "feature-split-event-channels"}) {
    EXPECT_EQ(found_with(left_backend().own + "/" + key, "yes"), nullptr) << key;
    EXPECT_EQ(error, Errc::kProtocol);
  }
  fake::nodes.erase(node + "/mac");
  EXPECT_EQ(found(), nullptr);
}

TEST_F(Probe, one_that_an_earlier_image_left_connected_begins_anew) {
  left_backend().set_state("4");
  ASSERT_NE(found(), nullptr);
  EXPECT_EQ(left_backend().state(), "2");
}

}  // namespace
}  // namespace netdev_xen_test
