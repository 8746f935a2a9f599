// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "../src/bridges.hpp"

#include <gtest/gtest.h>

#include "../../pci_host/tests/fake_config.hpp"

namespace {

using namespace atl;
using pci::Location;
using pci::test::FakeConfig;
using pci::test::FakeFunction;

struct BridgesTest : testing::Test {
  void SetUp() override {
    for (std::uint8_t bus = 0; bus < 4; ++bus) ASSERT_TRUE(config.open(bus).ok());
  }
  // `kind`: the type of a port of PCI Express; none without.
  static FakeFunction bridge(std::uint8_t primary, std::uint8_t secondary, int kind = -1) {
    FakeFunction made = FakeFunction::bridge();
    made.put(pci::registers::kPrimaryBus, primary, 1);
    made.put(pci::registers::kSecondaryBus, secondary, 1);
    made.put(pci::registers::kSubordinateBus, 3, 1);
    if (kind >= 0) {
      made.add_capability(0x40, 0x10);
      made.put(0x42, static_cast<unsigned>(kind) << 4 | 2, 2);
    }
    return made;
  }
  Result<std::uint16_t> requester(std::uint8_t bus, std::uint8_t device) {
    return pci::requester_of(host, {.bus = bus, .device = device, .function = 1});
  }

  FakeConfig config;
  pci::Host host{.config = &config, .last_bus = 3};
};

constexpr int kRootPort = 4, kToPci = 7;

TEST_F(BridgesTest, on_the_root_bus_everybody_is_himself) {
  EXPECT_EQ(requester(0, 3).value(), 3u << 3 | 1);
}

TEST_F(BridgesTest, ports_of_pci_express_pass_the_name_on) {
  config.add(2, bridge(0, 1, kRootPort));
  EXPECT_EQ(requester(1, 3).value(), 1u << 8 | 3 << 3 | 1);
}

TEST_F(BridgesTest, a_bridge_of_pci_asks_as_itself_and_the_outermost_counts) {
  FakeFunction& outer = config.add(6, bridge(0, 1));
  outer.behind[3 << 3] = bridge(1, 2);
  EXPECT_EQ(requester(1, 2).value(), 6u << 3);
  EXPECT_EQ(requester(2, 1).value(), 6u << 3);
}

TEST_F(BridgesTest, one_from_pci_express_asks_as_the_bus_behind_it) {
  FakeFunction& port = config.add(6, bridge(0, 1, kRootPort));
  port.behind[0] = bridge(1, 2, kToPci);
  EXPECT_EQ(requester(2, 5).value(), 2u << 8);
}

TEST_F(BridgesTest, a_bus_that_no_bridge_leads_to) {
  EXPECT_EQ(requester(2, 1).error(), Errc::kNotSupported);
}

}  // namespace
