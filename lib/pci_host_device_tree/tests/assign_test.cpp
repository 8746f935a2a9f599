// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "../src/assign.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "../../pci_host/tests/fake_config.hpp"

namespace {

using namespace atl;
using pci::test::FakeConfig;
using pci::test::FakeFunction;

constexpr std::uint64_t kLow = 0x1000'0000, kHigh = 0x80'0000'0000;

struct AssignTest : testing::Test {
  void assign() { pci::assign({.config = &config, .last_bus = 255}, windows); }
  static FakeFunction with_bar(std::uint64_t size, std::uint32_t type, unsigned index = 0) {
    FakeFunction made = FakeFunction::device(1, 2);
    made.add_bar(index, size, type);
    return made;
  }
  static std::uint32_t number(const FakeFunction& bridge, std::uint16_t which) {
    return bridge.get(which, 1);
  }

  FakeConfig config;
  pci::Windows windows{{PhysAddr{kLow}, 0x0200'0000}, {PhysAddr{kHigh}, 0x1'0000'0000}};
};

TEST_F(AssignTest, each_gets_an_aligned_piece_of_the_window_of_its_kind) {
  auto& small = config.add(1, with_bar(0x1000, 0));
  auto& large = config.add(2, with_bar(0x10'0000, 8));
  auto& wide = config.add(3, with_bar(0x4000, 0xc, 4));
  assign();
  EXPECT_EQ(small.bar(0), kLow);
  EXPECT_EQ(large.bar(0), kLow + 0x10'0000);
  EXPECT_EQ(wide.bar(4), kHigh);
}

TEST_F(AssignTest, what_was_there_is_forgotten_and_devices_are_off) {
  auto& device = config.add(1, with_bar(0x1000, 0));
  device.put(pci::registers::kBars, 0xfea0'0000, 4);
  device.put(pci::registers::kCommand, 7, 2);
  assign();
  EXPECT_EQ(device.bar(0), kLow);
  EXPECT_EQ(device.get(pci::registers::kCommand, 2), 0u);
}

TEST_F(AssignTest, without_a_high_window_wide_ones_go_low) {
  windows.high = {};
  auto& wide = config.add(3, with_bar(0x4000, 4));
  assign();
  EXPECT_EQ(wide.bar(0), kLow);
}

TEST_F(AssignTest, what_finds_no_room_keeps_0_and_others_get_theirs) {
  auto& huge = config.add(1, with_bar(0x0400'0000, 0));
  auto& ports = config.add(2, with_bar(0x20, 1));
  auto& fits = config.add(3, with_bar(0x0100'0000, 0));
  assign();
  EXPECT_EQ(huge.bar(0), 0u);
  EXPECT_EQ(ports.bar(0), 0u);
  EXPECT_EQ(fits.bar(0), kLow);
}

TEST_F(AssignTest, buses_are_numbered_in_depth) {
  auto& first = config.add(1, FakeFunction::bridge());
  first.behind[0] = FakeFunction::bridge();
  first.behind[8] = FakeFunction::bridge();
  auto& second = config.add(2, FakeFunction::bridge());
  assign();
  using namespace pci::registers;
  EXPECT_EQ(number(first, kSecondaryBus), 1u);
  EXPECT_EQ(number(first, kSubordinateBus), 3u);
  EXPECT_EQ(number(first.behind[0], kPrimaryBus), 1u);
  EXPECT_EQ(number(first.behind[0], kSecondaryBus), 2u);
  EXPECT_EQ(number(first.behind[0], kSubordinateBus), 2u);
  EXPECT_EQ(number(first.behind[8], kSecondaryBus), 3u);
  EXPECT_EQ(number(second, kSecondaryBus), 4u);
  EXPECT_EQ(number(second, kSubordinateBus), 4u);
}

TEST_F(AssignTest, a_bridge_forwards_what_lies_behind_it_and_no_more) {
  auto& before = config.add(0, with_bar(0x1000, 0));
  auto& bridge = config.add(1, FakeFunction::bridge());
  bridge.behind[0] = with_bar(0x1000, 0);
  bridge.behind[8] = with_bar(0x10'0000, 0xc);
  auto& after = config.add(2, with_bar(0x1000, 0));
  auto& empty = config.add(3, FakeFunction::bridge());
  assign();
  EXPECT_EQ(before.bar(0), kLow);
  EXPECT_EQ(bridge.behind[0].bar(0), kLow + 0x10'0000);
  EXPECT_EQ(bridge.behind[8].bar(0), kLow + 0x20'0000);
  EXPECT_EQ(bridge.get(pci::registers::kMemoryWindow, 4), 0x1020'1010u);
  EXPECT_EQ(bridge.get(pci::registers::kPrefetchableWindow, 4), 0x0000'fff0u);
  EXPECT_EQ(bridge.get(pci::registers::kPortWindow, 2), 0x00f0u);
  EXPECT_EQ(bridge.get(pci::registers::kCommand, 2), pci::kMemory | pci::kBusMaster);
  EXPECT_EQ(after.bar(0), kLow + 0x30'0000);
  EXPECT_EQ(empty.get(pci::registers::kMemoryWindow, 4), 0x0000'fff0u);
  EXPECT_EQ(empty.get(pci::registers::kCommand, 2), 0u);
}

TEST_F(AssignTest, the_rest_of_a_forwarded_mib_is_nobody_s_at_the_window_s_end_either) {
  windows.low.size = 0x18'0000;  // a MiB and a half
  auto& first = config.add(0, with_bar(0x1000, 0));
  auto& bridge = config.add(1, FakeFunction::bridge());
  bridge.behind[0] = with_bar(0x1000, 0);
  auto& after = config.add(2, with_bar(0x1000, 0));
  assign();
  EXPECT_EQ(first.bar(0), kLow);
  EXPECT_EQ(bridge.behind[0].bar(0), kLow + 0x10'0000);
  EXPECT_EQ(after.bar(0), 0u);
}

TEST_F(AssignTest, bridges_of_the_ninth_level_and_behind_the_last_bus_are_closed) {
  FakeFunction* level = &config.add(1, FakeFunction::bridge());
  std::vector<FakeFunction*> chain{level};
  for (int i = 0; i < 9; ++i) {
    level = &(level->behind[0] = FakeFunction::bridge());
    chain.push_back(level);
  }
  assign();
  EXPECT_EQ(number(*chain[7], pci::registers::kSecondaryBus), 8u);
  EXPECT_EQ(number(*chain[8], pci::registers::kSecondaryBus), 0u);

  pci::assign({.config = &config, .last_bus = 2}, windows);
  EXPECT_EQ(number(*chain[1], pci::registers::kSecondaryBus), 2u);
  EXPECT_EQ(number(*chain[2], pci::registers::kSecondaryBus), 0u);
}

TEST_F(AssignTest, a_device_whose_base_address_cannot_be_is_left_alone) {
  auto& odd = config.add(1, with_bar(0x1000, 2));
  auto& fine = config.add(2, with_bar(0x1000, 0));
  assign();
  EXPECT_EQ(odd.bar(0), 0u);
  EXPECT_EQ(fine.bar(0), kLow);
}

TEST_F(AssignTest, machines_of_rubbish_come_to_an_end) {
  for (std::uint32_t seed = 0; seed < 4; ++seed) {
    pci::test::RandomConfig random{seed};
    pci::assign({.config = &random, .last_bus = 40}, windows);
    EXPECT_LT(random.accesses, 41u * 256 * 64) << "seed " << seed;
  }
}

}  // namespace
