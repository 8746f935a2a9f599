// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>

#include "cable.hpp"

namespace atl {
Result<void> netdev_virtio_probe(virtio::Device& device);
}

namespace netdev_virtio_test {
namespace {

class Probe : public testing::Test {
 protected:
  static std::size_t devices() {
    std::size_t count = 0;
    while (atl::netdev::at(count) != nullptr) ++count;
    return count;
  }
  /// The device that was found in one with these features; null where none was.
  static Netdev* found(std::uint64_t features, const std::function<void(std::string&)>& change = {},
                       std::uint16_t pairs = 1) {
    // A device that was found stays for ever.
    static auto& fakes = *new std::deque<FakeNetwork<SplitDevice>>;
    auto& fake = fakes.emplace_back(features, pairs);
    if (change) change(fake.transport.config);
    const std::size_t before = devices();
    const bool ok = atl::netdev_virtio_probe(fake.transport).ok();
    EXPECT_EQ(devices(), before + (ok ? 1 : 0));
    EXPECT_TRUE(fake.transport.queues.empty());
    return ok ? atl::netdev::at(before) : nullptr;
  }
};

TEST_F(Probe, what_it_says_of_itself_is_read) {
  const Netdev* const device = found(feature::kMac | feature::kMtu | feature::kChecksum |
                                         feature::kHostTcp4 | feature::kGuestChecksum,
                                     [](std::string& config) { config[10] = '\x78'; });
  ASSERT_NE(device, nullptr);
  EXPECT_EQ(device->info().mac, (atl::MacAddress{{2, 0, 0, 0, 0, 1}}));
  EXPECT_EQ(device->info().mtu, 0x578);
  EXPECT_EQ(device->info().queues, 1);
  EXPECT_EQ(device->info().offloads,
            Netdev::kSendChecksum | Netdev::kSendTcp4 | Netdev::kReceiveChecksum);
  EXPECT_EQ(device->info().buffer_bytes, 2048u);
}

TEST_F(Probe, large_packets_need_buffers_that_merge) {
  constexpr std::uint64_t kLarge =
      feature::kMac | feature::kGuestChecksum | feature::kGuestTcp4 | feature::kGuestTcp6;
  EXPECT_EQ(found(kLarge)->info().offloads, Netdev::kReceiveChecksum);
  EXPECT_EQ(found(kLarge | feature::kMergeable)->info().offloads,
            Netdev::kReceiveChecksum | Netdev::kReceiveLarge);
}

TEST_F(Probe, an_mtu_above_a_buffer_needs_larger_ones_or_several) {
  const auto jumbo = [](std::string& config) {
    config[10] = '\x28';
    config[11] = '\x23';
  };
  const Netdev* const whole = found(feature::kMac | feature::kMtu, jumbo);
  EXPECT_EQ(whole->info().mtu, 9000u);
  EXPECT_EQ(whole->info().buffer_bytes, 12'288u);
  EXPECT_EQ(found(feature::kMac | feature::kMtu | feature::kMergeable, jumbo)->info().buffer_bytes,
            2048u);
}

TEST_F(Probe, a_device_has_as_many_queues_as_it_says_and_as_the_option_allows) {
  constexpr std::uint64_t kSeveral = feature::kMac | feature::kControl | feature::kMultiqueue;
  for (const std::uint16_t pairs : {1, 2, 7, 8, 9, 127}) {
    EXPECT_EQ(found(kSeveral, {}, pairs)->info().queues, std::min<int>(pairs, 8)) << pairs;
  }
}

TEST_F(Probe, what_makes_no_sense_of_several_queues_is_one) {
  constexpr std::uint64_t kSeveral = feature::kMac | feature::kControl | feature::kMultiqueue;
  const auto says = [](int pairs) {
    return [pairs](std::string& config) {
      config[8] = static_cast<char>(pairs);
      config[9] = static_cast<char>(pairs >> 8);
    };
  };
  for (const int pairs : {0, 5, 0x7fff, 0x8000, 0x8001, 0xffff}) {
    EXPECT_EQ(found(kSeveral, says(pairs), 4)->info().queues, 1) << pairs;
  }
  EXPECT_EQ(found(feature::kMac | feature::kMultiqueue, {}, 4)->info().queues, 1)
      << "none to control them";
  EXPECT_EQ(found(feature::kMac | feature::kControl, {}, 4)->info().queues, 1);
  EXPECT_EQ(found(
                kSeveral, [](std::string& config) { config.resize(8); }, 4),
            nullptr)
      << "a configuration that ends before their number";
}

TEST_F(Probe, what_makes_no_sense_is_no_device) {
  EXPECT_EQ(found(0), nullptr) << "no address";
  EXPECT_EQ(found(feature::kMac, [](std::string& config) { config[0] = 3; }), nullptr)
      << "the address of a group";
  EXPECT_EQ(found(feature::kMac | feature::kMtu,
                  [](std::string& config) {
                    config[10] = 67;
                    config[11] = 0;
                  }),
            nullptr)
      << "an MTU below IPv4's smallest";
  EXPECT_EQ(found(feature::kMac, [](std::string& config) { config.resize(5); }), nullptr)
      << "a configuration that ends too early";
}

}  // namespace
}  // namespace netdev_virtio_test
