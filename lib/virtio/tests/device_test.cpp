// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>

#include <atoll/host/virtio_transport.hpp>

namespace virtio_test {

using namespace atl::host;
using atl::Errc;
using atl::Result;
namespace {

namespace feature = atl::virtio::feature;

constexpr std::uint64_t kMac = 1 << 5;
constexpr std::uint64_t kMtu = 1 << 3;

TEST(Device, features_are_agreed_on_in_the_order_of_the_specification) {
  FakeTransport device{1, kMac | feature::kEventIndex};
  const auto agreed = device.negotiate(kMac, feature::kEventIndex | feature::kPackedRing);
  ASSERT_TRUE(agreed.ok());
  EXPECT_EQ(agreed.value(), kMac | feature::kEventIndex | feature::kVersion1);
  EXPECT_EQ(device.taken, agreed.value());
  device.start();
  EXPECT_EQ(device.statuses, (std::vector<int>{0, 1, 3, 11, 15}));
}

TEST(Device, one_without_a_required_feature_is_given_up) {
  FakeTransport device{1, kMac};
  EXPECT_EQ(device.negotiate(kMac | kMtu, 0).error(), Errc::kNotSupported);
  EXPECT_EQ(device.status & 128, 128);
  FakeTransport legacy{1, kMac};
  legacy.offered = kMac;
  EXPECT_EQ(legacy.negotiate(0, 0).error(), Errc::kNotSupported);
}

TEST(Device, one_that_refuses_the_features_is_given_up) {
  FakeTransport device{1, kMac | kMtu};
  device.refused = kMtu;
  EXPECT_EQ(device.negotiate(0, kMac | kMtu).error(), Errc::kNotSupported);
  EXPECT_EQ(device.status & 128, 128);
}

TEST(Device, a_reset_is_waited_for_but_not_for_ever) {
  FakeTransport device;
  device.reset_looks = 1'000;
  EXPECT_TRUE(device.reset().ok());
  EXPECT_EQ(device.disconnects, 1);
  device.reset_looks = 1'000'000'000;
  EXPECT_EQ(device.reset().error(), Errc::kTimedOut);
  EXPECT_EQ(device.negotiate(0, 0).error(), Errc::kTimedOut);
  EXPECT_EQ(device.disconnects, 1) << "it may still interrupt";
}

TEST(Device, a_queue_is_as_large_as_the_device_says_and_no_larger_than_there_are) {
  FakeTransport device;
  EXPECT_EQ(device.largest_queue(0).value(), 256);
  EXPECT_EQ(device.largest_queue(1).error(), Errc::kNoEntry);
  device.sizes[1] = 32'768;
  EXPECT_EQ(device.largest_queue(1).value(), 32'768);
  for (const std::uint32_t size : {32'769u, 65'536u, 0xffff'ffffu}) {
    device.sizes[1] = size;
    EXPECT_EQ(device.largest_queue(1).error(), Errc::kProtocol) << size;
  }
  EXPECT_TRUE(device.enable_queue(0, {.size = 256}, {}).ok());
  EXPECT_EQ(device.enable_queue(0, {.size = 512}, {}).error(), Errc::kProtocol);
  EXPECT_EQ(device.enable_queue(7, {.size = 1}, {}).error(), Errc::kNoEntry);
}

TEST(Device, its_configuration_is_of_one_moment) {
  FakeTransport device;
  device.config = std::string("\x11\x11\x22\x22", 4);
  int reads = 0;
  device.before_config_byte = [&] {
    // The first reading meets a change between its two halves.
    if (++reads != 2) return;
    device.config = std::string("\x33\x33\x44\x44", 4);
    ++device.generation;
  };
  std::array<std::uint16_t, 2> both{};
  ASSERT_TRUE(device.read_config(0, std::as_writable_bytes(std::span{both}), 2).ok());
  EXPECT_EQ(both[0], 0x3333);
  EXPECT_EQ(both[1], 0x4444);
  EXPECT_EQ(device.read_config<std::uint32_t>(0).value(), 0x4444'3333u);
  EXPECT_EQ(device.read_config<std::uint32_t>(2).error(), Errc::kNoEntry);
}

TEST(Device, a_configuration_that_never_holds_still_is_refused) {
  FakeTransport device;
  device.config = "0123";
  device.before_config_byte = [&] { ++device.generation; };
  EXPECT_EQ(device.read_config<std::uint32_t>(0).error(), Errc::kProtocol);
}

TEST(Device, it_says_when_it_needs_a_reset) {
  FakeTransport device;
  ASSERT_TRUE(device.negotiate(0, 0).ok());
  EXPECT_FALSE(device.needs_reset());
  device.status |= 64;
  EXPECT_TRUE(device.needs_reset());
}

}  // namespace
}  // namespace virtio_test
