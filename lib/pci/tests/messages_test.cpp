// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>

#include <array>
#include <atoll/pci_messages.hpp>

#include "fake_machine.hpp"

namespace {

using namespace atl;
using pci::test::FakeConfig;
using pci::test::FakeFunction;
using pci::test::FakeMachine;

void count(void* context) { ++*static_cast<int*>(context); }

struct MessagesTest : testing::Test {
  static constexpr std::uint64_t kMemory = 0xfea0'0000;

  void SetUp() override {
    pci::test::machine = &machine;
    ASSERT_TRUE(config.open(0).ok());
    function.add_bar(1, 0x1000, 0);
    function.put(pci::registers::kBars + 4, kMemory, 4);
    // Three vectors, from 0x800 of memory 1 on.
    function.add_capability(0x40, 0x11);
    function.put(0x42, 2, 2);
    function.allow(0x42, 0xc000, 2);
    function.put(0x44, 0x801, 4);
  }
  void add_msi(std::uint16_t control) {
    function.add_capability(0x70, 5);
    function.put(0x72, control, 2);
    function.allow(0x72, 0x71, 2);
    function.allow(0x74, ~std::uint64_t{0}, 8);
    function.allow(0x7c, ~std::uint64_t{0}, 8);
  }
  std::uint32_t entry(unsigned vector, unsigned word) {
    return machine.memory.at(kMemory + 0x800)[vector * 4 + word];
  }

  FakeMachine machine;
  FakeConfig config;
  pci::Host host{.config = &config};
  FakeFunction& function = config.add(3, FakeFunction::device(0x1af4, 0x1041));
  pci::Device device{host, {.device = 3}};
  std::array<irq::DeviceMessage, 2> room;
};

TEST_F(MessagesTest, the_device_says_who_it_is) {
  auto table = pci::MsixTable::open(device, room);
  ASSERT_TRUE(table.ok());
  int calls = 0;
  ASSERT_TRUE(table.value().connect(0, count, &calls).ok());
  add_msi(0x80);
  ASSERT_TRUE(pci::Msi::connect(device, count, &calls).ok());
  EXPECT_EQ(machine.sources, (std::vector<std::uint32_t>{3 << 3, 3 << 3}));
}

TEST_F(MessagesTest, who_has_nobody_to_send_to_is_left_as_it_was) {
  machine.source_fault = Errc::kNotSupported;
  add_msi(0x80);
  EXPECT_EQ(pci::MsixTable::open(device, room).error(), Errc::kNotSupported);
  int calls = 0;
  EXPECT_EQ(pci::Msi::connect(device, count, &calls).error(), Errc::kNotSupported);
  EXPECT_EQ(function.get(0x42, 2), 2u);
  EXPECT_TRUE(machine.root.connected.empty());
}

TEST_F(MessagesTest, an_open_table_is_enabled_with_every_vector_masked) {
  machine.memory[kMemory + 0x800] = std::vector<std::uint32_t>(12, 0);
  const auto table = pci::MsixTable::open(device, room);
  ASSERT_TRUE(table.ok());
  EXPECT_EQ(table.value().size(), 2u);
  EXPECT_EQ(machine.mapped.back(), (PhysRange{PhysAddr{kMemory + 0x800}, 48}));
  for (unsigned vector = 0; vector < 3; ++vector) EXPECT_EQ(entry(vector, 3), 1u);
  EXPECT_EQ(function.get(0x42, 2), 0x8002u);
  EXPECT_EQ(function.get(pci::registers::kCommand, 2), pci::kMemory | pci::kPinDisabled);
}

TEST_F(MessagesTest, there_are_no_more_vectors_than_the_device_has) {
  std::array<irq::DeviceMessage, 9> much;
  EXPECT_EQ(pci::MsixTable::open(device, much).value().size(), 3u);
}

TEST_F(MessagesTest, each_vector_has_its_handler) {
  machine.message_address = PhysAddr{0x12'fee0'1000};
  auto table = pci::MsixTable::open(device, room);
  ASSERT_TRUE(table.ok());
  std::array<int, 2> calls{};
  ASSERT_TRUE(table.value().connect(1, count, &calls[1]).ok());
  ASSERT_TRUE(table.value().connect(0, count, &calls[0]).ok());
  EXPECT_EQ(entry(1, 0), 0xfee0'1000u);
  EXPECT_EQ(entry(1, 1), 0x12u);
  EXPECT_EQ(entry(1, 2), 100u);
  EXPECT_EQ(entry(1, 3), 0u);
  EXPECT_EQ(entry(0, 2), 101u);
  machine.root.fire(100);
  EXPECT_EQ(calls[1], 0);  // masked
  table.value().unmask(1);
  machine.root.fire(100);
  machine.root.fire(101);
  EXPECT_EQ(calls[1], 1);
  EXPECT_EQ(calls[0], 0);
  table.value().mask(1);
  machine.root.fire(100);
  EXPECT_EQ(calls[1], 1);
}

TEST_F(MessagesTest, a_vector_is_connected_once_and_within_the_room) {
  auto table = pci::MsixTable::open(device, room);
  int calls = 0;
  ASSERT_TRUE(table.value().connect(0, count, &calls).ok());
  EXPECT_EQ(table.value().connect(0, count, &calls).error(), Errc::kBusy);
  EXPECT_EQ(table.value().connect(2, count, &calls).error(), Errc::kOutOfRange);
  table.value().disconnect(0);
  table.value().disconnect(0);
  table.value().unmask(0);
  EXPECT_EQ(entry(0, 3), 1u);
  EXPECT_TRUE(machine.root.connected.empty());
  EXPECT_TRUE(table.value().connect(0, count, &calls).ok());
}

TEST_F(MessagesTest, without_a_message_a_vector_stays_masked) {
  auto table = pci::MsixTable::open(device, room);
  machine.message_fault = Errc::kNotSupported;
  EXPECT_EQ(table.value().connect(0, count, nullptr).error(), Errc::kNotSupported);
  EXPECT_EQ(entry(0, 3), 1u);
}

TEST_F(MessagesTest, closing_disconnects_and_turns_off) {
  auto table = pci::MsixTable::open(device, room);
  ASSERT_TRUE(table.value().connect(0, count, nullptr).ok());
  ASSERT_TRUE(table.value().connect(1, count, nullptr).ok());
  table.value().close(device);
  EXPECT_TRUE(machine.root.connected.empty());
  EXPECT_EQ(function.get(0x42, 2), 2u);
  EXPECT_EQ(table.value().size(), 0u);
}

TEST_F(MessagesTest, a_table_outside_its_memory_is_refused) {
  for (const std::uint32_t place : {0xfe1u, 0x1001u, 0xffff'fff9u, 0x807u, 0x800u, 0x805u}) {
    function.put(0x44, place, 4);
    EXPECT_EQ(pci::MsixTable::open(device, room).error(), Errc::kBadMessage) << place;
  }
  function.put(0x44, 0x801, 4);
  function.put(0x42, 0x7ff, 2);  // 2,048 vectors
  EXPECT_EQ(pci::MsixTable::open(device, room).error(), Errc::kBadMessage);
  EXPECT_TRUE(machine.mapped.empty());
  EXPECT_EQ(function.get(0x42, 2), 0x7ffu);
}

TEST_F(MessagesTest, without_the_capability_there_is_no_table) {
  function.bytes[0x40] = 1;
  EXPECT_EQ(pci::MsixTable::open(device, room).error(), Errc::kNoEntry);
  EXPECT_EQ(pci::Msi::connect(device, count, nullptr).error(), Errc::kNoEntry);
}

TEST_F(MessagesTest, a_message_of_32_bits) {
  add_msi(0x0070);  // 8 messages enabled by someone
  int calls = 0;
  auto msi = pci::Msi::connect(device, count, &calls);
  ASSERT_TRUE(msi.ok());
  EXPECT_EQ(function.get(0x72, 2), 0x0001u);
  EXPECT_EQ(function.get(0x74, 4), 0xfee0'0000u);
  EXPECT_EQ(function.get(0x78, 2), 100u);
  EXPECT_EQ(function.get(pci::registers::kCommand, 2), pci::kPinDisabled);
  machine.root.fire(100);
  msi.value().unmask();
  machine.root.fire(100);
  EXPECT_EQ(calls, 1);
  msi.value().mask();
  machine.root.fire(100);
  EXPECT_EQ(calls, 1);
  msi.value().disconnect(device);
  EXPECT_EQ(function.get(0x72, 2), 0u);
  EXPECT_TRUE(machine.root.connected.empty());
}

TEST_F(MessagesTest, a_message_of_64_bits_that_the_device_can_mask) {
  add_msi(0x0180);
  function.put(0x80, 1, 4);
  machine.message_address = PhysAddr{0x12'0802'0040};
  ASSERT_TRUE(pci::Msi::connect(device, count, nullptr).ok());
  EXPECT_EQ(function.get(0x74, 4), 0x0802'0040u);
  EXPECT_EQ(function.get(0x78, 4), 0x12u);
  EXPECT_EQ(function.get(0x7c, 2), 100u);
  EXPECT_EQ(function.get(0x80, 4), 0u);
}

TEST_F(MessagesTest, an_address_or_data_that_the_device_cannot_say) {
  add_msi(0);
  machine.message_address = PhysAddr{0x1'0000'0000};
  EXPECT_EQ(pci::Msi::connect(device, count, nullptr).error(), Errc::kNotSupported);
  machine.message_address = PhysAddr{0xfee0'0000};
  machine.message_data_offset = 0x1'0000;
  EXPECT_EQ(pci::Msi::connect(device, count, nullptr).error(), Errc::kNotSupported);
  EXPECT_TRUE(machine.root.connected.empty());
  EXPECT_EQ(function.get(0x72, 2), 0u);
}

}  // namespace
