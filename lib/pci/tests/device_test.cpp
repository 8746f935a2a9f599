// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>

#include <array>
#include <atoll/pci.hpp>

#include "fake_machine.hpp"

namespace {

using namespace atl;
using pci::test::FakeConfig;
using pci::test::FakeFunction;
using pci::test::FakeMachine;

struct DeviceTest : testing::Test {
  void SetUp() override {
    pci::test::machine = &machine;
    ASSERT_TRUE(config.open(0).ok());
  }

  FakeMachine machine;
  FakeConfig config;
  pci::Host host{.config = &config, .last_bus = 255, .has_ports = true};
  FakeFunction& function = config.add(3, FakeFunction::device(0x1af4, 0x1041));
  pci::Device device{host, {.device = 3}};

  void place(unsigned index, std::uint64_t size, std::uint32_t type, std::uint64_t address) {
    function.add_bar(index, size, type);
    function.put(pci::registers::kBars + 4 * std::size_t{index}, address | type, 4);
    if ((type & 7) == 4)
      function.put(pci::registers::kBars + 4 * std::size_t{index} + 4, address >> 32, 4);
  }
};

TEST_F(DeviceTest, says_who_it_is) {
  function.put(pci::registers::kRevision, 0x0200'0107, 4);
  function.put(pci::registers::kSubsystemVendor, 0x1af4, 2);
  function.put(pci::registers::kSubsystem, 0x0040, 2);
  EXPECT_EQ(device.vendor(), 0x1af4);
  EXPECT_EQ(device.device(), 0x1041);
  EXPECT_EQ(device.revision(), 7);
  EXPECT_EQ(device.class_code(), 0x02'0001u);
  EXPECT_EQ(device.subsystem_vendor(), 0x1af4);
  EXPECT_EQ(device.subsystem(), 0x0040);
  EXPECT_STREQ(device.name().c_str(), "0000:00:03.0");
}

TEST_F(DeviceTest, command_bits_change_alone) {
  device.enable(pci::kMemory | pci::kBusMaster);
  EXPECT_EQ(function.get(pci::registers::kCommand, 2), 6u);
  device.enable(pci::kPinDisabled);
  device.disable(pci::kMemory);
  EXPECT_EQ(function.get(pci::registers::kCommand, 2), 0x404u);
}

TEST_F(DeviceTest, capabilities_are_found_in_their_order) {
  EXPECT_EQ(device.find_capability(9).error(), Errc::kNoEntry);
  function.add_capability(0x40, 9);
  function.add_capability(0xfc, 0x11);
  function.add_capability(0x50, 9);
  EXPECT_EQ(device.find_capability(9).value(), 0x40);
  EXPECT_EQ(device.find_capability(9, 1).value(), 0x50);
  EXPECT_EQ(device.find_capability(9, 2).error(), Errc::kNoEntry);
  EXPECT_EQ(device.find_capability(0x11).value(), 0xfc);
  EXPECT_EQ(device.find_capability(5).error(), Errc::kNoEntry);
}

TEST_F(DeviceTest, without_the_status_bit_there_are_no_capabilities) {
  function.add_capability(0x40, 9);
  function.put(pci::registers::kStatus, 0, 2);
  EXPECT_EQ(device.find_capability(9).error(), Errc::kNoEntry);
}

TEST_F(DeviceTest, the_lowest_bits_of_a_pointer_are_no_part_of_it) {
  function.add_capability(0x40, 9);
  function.bytes[pci::registers::kCapabilities] = 0x43;
  EXPECT_EQ(device.find_capability(9).value(), 0x40);
}

TEST_F(DeviceTest, a_list_that_never_ends_is_refused_whatever_is_looked_for) {
  function.add_capability(0x40, 9);
  function.add_capability(0x50, 1);
  function.bytes[0x51] = 0x40;
  EXPECT_EQ(device.find_capability(5).error(), Errc::kBadMessage);
  // One who asks for them all comes to an end.
  unsigned found = 0;
  while (device.find_capability(9, found).ok()) ASSERT_LT(++found, 100u);
  EXPECT_EQ(device.find_capability(9, found).error(), Errc::kBadMessage);
}

TEST_F(DeviceTest, the_longest_list_there_can_be_is_walked_to_its_end) {
  for (unsigned at = 0x40; at < 0x100; at += 4)
    function.add_capability(static_cast<std::uint8_t>(at), 9);
  EXPECT_EQ(device.find_capability(9, 47).value(), 0xfc);
  EXPECT_EQ(device.find_capability(9, 48).error(), Errc::kNoEntry);
}

TEST_F(DeviceTest, a_pointer_into_the_header_is_refused) {
  function.add_capability(0x40, 1);
  function.bytes[0x41] = 0x3c;
  EXPECT_EQ(device.find_capability(9).error(), Errc::kBadMessage);
  function.bytes[pci::registers::kCapabilities] = 4;
  EXPECT_EQ(device.find_capability(9).error(), Errc::kBadMessage);
}

TEST_F(DeviceTest, base_addresses) {
  place(0, 0x1000, 0, 0xfea0'1000);
  place(1, 0x20, 1, 0xc040);
  place(4, 0x4000, 0xc, 0x80'0000'4000);
  const auto low = device.bar(0);
  ASSERT_TRUE(low.ok());
  EXPECT_EQ(low.value().range, (PhysRange{PhysAddr{0xfea0'1000}, 0x1000}));
  EXPECT_FALSE(low.value().is_port);
  EXPECT_TRUE(device.bar(1).value().is_port);
  EXPECT_EQ(device.bar(1).value().range, (PhysRange{PhysAddr{0xc040}, 0x20}));
  EXPECT_EQ(device.bar(4).value().range, (PhysRange{PhysAddr{0x80'0000'4000}, 0x4000}));
  EXPECT_TRUE(device.bar(4).value().prefetchable);
  EXPECT_EQ(device.bar(5).error(), Errc::kNoEntry);  // its upper half
  EXPECT_EQ(device.bar(2).error(), Errc::kNoEntry);
  EXPECT_EQ(device.bar(6).error(), Errc::kInvalidArgument);
}

TEST_F(DeviceTest, a_base_address_that_nobody_assigned_is_not_supported) {
  function.add_bar(0, 0x1000, 0);
  EXPECT_EQ(device.bar(0).error(), Errc::kNotSupported);
}

TEST_F(DeviceTest, ports_need_a_host_that_has_them) {
  place(0, 0x20, 1, 0xc040);
  host.has_ports = false;
  EXPECT_EQ(device.bar(0).error(), Errc::kNotSupported);
}

TEST_F(DeviceTest, memory_lies_in_a_window_where_they_are_known) {
  host.windows = {PhysRange{PhysAddr{0x1000'0000}, 0x2eff'0000},
                  PhysRange{PhysAddr{0x80'0000'0000}, 0x80'0000'0000}};
  place(0, 0x1000, 0, 0x1000'0000);
  EXPECT_TRUE(device.bar(0).ok());
  place(0, 0x1000, 0, 0x0fff'f000);
  EXPECT_EQ(device.bar(0).error(), Errc::kNotSupported);
  place(0, 0x2'0000, 0, 0x3efe'0000);
  EXPECT_EQ(device.bar(0).error(), Errc::kNotSupported);
  place(0, 0x4000, 4, 0x80'0000'0000);
  EXPECT_TRUE(device.bar(0).ok());
  place(0, 0x4000, 4, std::uint64_t{1} << 40);
  EXPECT_EQ(device.bar(0).error(), Errc::kNotSupported);
}

/// A device that answers the question for its size otherwise than its address says.
class Changing final : public pci::ConfigSpace {
 public:
  Changing(std::uint32_t address, std::uint32_t mask) : answers_{address, mask} {}

 private:
  Result<void> do_open(std::uint8_t) override { return {}; }
  std::uint32_t do_read(pci::Location, std::uint16_t offset, std::size_t) override {
    return offset == pci::registers::kBars ? answers_[asked_ ? 1 : 0] : 0;
  }
  void do_write(pci::Location, std::uint16_t offset, std::size_t, std::uint32_t value) override {
    asked_ = offset == pci::registers::kBars && value == ~0u;
  }

  std::array<std::uint32_t, 2> answers_;
  bool asked_ = false;
};

TEST_F(DeviceTest, an_address_that_its_size_forbids_is_refused) {
  Changing fits{0xfea0'0000, 0xfff0'0000}, odd{0xfea0'8000, 0xfff0'0000};
  const pci::Host fitting{.config = &fits}, changing{.config = &odd};
  EXPECT_TRUE(pci::Device(fitting, {}).bar(0).ok());
  EXPECT_EQ(pci::Device(changing, {}).bar(0).error(), Errc::kBadMessage);
}

TEST_F(DeviceTest, memory_that_ends_where_addresses_do_is_refused) {
  place(0, 0x4000, 4, ~std::uint64_t{0x3fff});
  EXPECT_EQ(device.bar(0).error(), Errc::kBadMessage);
  place(0, 0x4000, 4, ~std::uint64_t{0x7fff});
  EXPECT_TRUE(device.bar(0).ok());
}

TEST_F(DeviceTest, maps_pieces_of_memory) {
  place(2, 0x4000, 0, 0xfea0'0000);
  ASSERT_TRUE(device.map(2, 0x3000, 0x1000).ok());
  EXPECT_EQ(machine.mapped, (std::vector<PhysRange>{{PhysAddr{0xfea0'3000}, 0x1000}}));
  EXPECT_EQ(device.map(2, 0x3000, 0x1001).error(), Errc::kOutOfRange);
  EXPECT_EQ(device.map(2, 0x4001, 0).error(), Errc::kOutOfRange);
  EXPECT_EQ(device.map(2, ~std::uint64_t{0}, 2).error(), Errc::kOutOfRange);
  EXPECT_EQ(device.map(2, 8, ~std::uint64_t{0}).error(), Errc::kOutOfRange);
  EXPECT_EQ(device.map(7, 0, 1).error(), Errc::kInvalidArgument);
  place(0, 0x20, 1, 0xc040);
  EXPECT_EQ(device.map(0, 0, 4).error(), Errc::kNotSupported);
  EXPECT_EQ(machine.mapped.size(), 1u);
}

TEST_F(DeviceTest, any_answer_is_survived) {
  for (std::uint32_t seed = 0; seed < 3'000; ++seed) {
    pci::test::RandomConfig random{seed};
    const pci::Host any{.config = &random, .last_bus = 255, .has_ports = true};
    const pci::Device hostile{any, {.device = 3}};
    for (unsigned index = 0; index < 60; ++index)
      static_cast<void>(hostile.find_capability(9, index));
    for (unsigned index = 0; index < 8; ++index) {
      const auto bar = hostile.bar(index);
      if (!bar.ok()) continue;
      EXPECT_NE(bar.value().range.size, 0u);
      EXPECT_GE(bar.value().range.end(), bar.value().range.start) << "seed " << seed;
    }
  }
}

}  // namespace
