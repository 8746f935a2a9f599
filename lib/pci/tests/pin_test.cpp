// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>

#include <array>
#include <atoll/console.hpp>
#include <atoll/pci_pin.hpp>

#include "fake_machine.hpp"

namespace {

using namespace atl;
using pci::test::FakeConfig;
using pci::test::FakeFunction;
using pci::test::FakeMachine;

constexpr std::uint16_t kInterrupts = 1u << 3;

/// Devices 0 to 3 with pins 1 to 4; 1 and 3 share a line.
struct PinTest : testing::Test {
  struct Unit {
    FakeFunction* function = nullptr;
    std::optional<pci::Device> device;
    pci::Pin pin;
    int calls = 0;

    void signal(bool on) { function->put(pci::registers::kStatus, on ? kInterrupts : 0, 2); }
    static void handle(void* context) {
      auto& self = *static_cast<Unit*>(context);
      ++self.calls;
      self.signal(false);
    }
    Result<void> connect() { return pin.connect(*device, handle, this); }
    [[nodiscard]] bool disabled() const {
      return (function->get(pci::registers::kCommand, 2) & pci::kPinDisabled) != 0;
    }
  };

  void SetUp() override {
    pci::test::machine = &machine;
    ASSERT_TRUE(config.open(0).ok());
    for (unsigned i = 0; i < units.size(); ++i) {
      units[i].function = &config.add(i, FakeFunction::device(1, 2));
      units[i].function->put(pci::registers::kInterruptPin, i + 1, 1);
      units[i].device.emplace(host, pci::Location{.device = static_cast<std::uint8_t>(i)});
    }
  }
  void TearDown() override {
    for (Unit& unit : units) unit.pin.disconnect();
    EXPECT_TRUE(machine.lines.connected.empty());
  }

  FakeMachine machine;
  FakeConfig config;
  pci::Host host{.config = &config};
  std::array<Unit, 4> units;
};

TEST_F(PinTest, a_connected_pin_is_disabled_until_it_is_unmasked) {
  ASSERT_TRUE(units[0].connect().ok());
  EXPECT_TRUE(units[0].disabled());
  EXPECT_EQ(machine.lines.connected.at(20).trigger, irq::Trigger::kLevelHigh);
  units[0].signal(true);
  machine.lines.fire(20);
  EXPECT_EQ(units[0].calls, 0);
  units[0].pin.unmask();
  EXPECT_FALSE(units[0].disabled());
  machine.lines.fire(20);
  EXPECT_EQ(units[0].calls, 1);
  units[0].pin.mask();
  EXPECT_TRUE(units[0].disabled());
}

TEST_F(PinTest, on_a_shared_line_those_are_told_that_interrupt) {
  ASSERT_TRUE(units[0].connect().ok());
  ASSERT_TRUE(units[2].connect().ok());
  EXPECT_EQ(machine.lines.connected.size(), 1u);
  units[0].pin.unmask();
  units[2].pin.unmask();
  units[2].signal(true);
  machine.lines.fire(20);
  EXPECT_EQ(units[0].calls, 0);
  EXPECT_EQ(units[2].calls, 1);
  units[0].signal(true);
  units[2].signal(true);
  machine.lines.fire(20);
  EXPECT_EQ(units[0].calls, 1);
  EXPECT_EQ(units[2].calls, 2);
}

TEST_F(PinTest, each_leaves_a_shared_line_by_itself) {
  for (const auto& order : {std::array{0u, 2u}, std::array{2u, 0u}}) {
    ASSERT_TRUE(units[0].connect().ok());
    ASSERT_TRUE(units[2].connect().ok());
    units[order[0]].pin.unmask();
    units[order[0]].pin.disconnect();
    EXPECT_TRUE(units[order[0]].disabled());
    ASSERT_EQ(machine.lines.connected.size(), 1u);
    auto& other = units[order[1]];
    other.pin.unmask();
    other.signal(true);
    const int before = other.calls;
    machine.lines.fire(20);
    EXPECT_EQ(other.calls, before + 1);
    other.pin.disconnect();
    EXPECT_TRUE(machine.lines.connected.empty());
  }
}

TEST_F(PinTest, lines_stand_beside_each_other) {
  ASSERT_TRUE(units[1].connect().ok());
  ASSERT_TRUE(units[3].connect().ok());
  units[1].pin.unmask();
  units[3].pin.unmask();
  units[3].signal(true);
  machine.lines.fire(21);
  EXPECT_EQ(units[3].calls, 0);
  machine.lines.fire(23);
  EXPECT_EQ(units[3].calls, 1);
  EXPECT_EQ(units[1].calls, 0);
}

TEST_F(PinTest, a_line_on_which_nobody_interrupts_is_masked_in_the_end) {
  ASSERT_TRUE(units[0].connect().ok());
  units[0].pin.unmask();
  for (int i = 0; i < 999; ++i) machine.lines.fire(20);
  units[0].signal(true);
  machine.lines.fire(20);  // patience begins again
  for (int i = 0; i < 999; ++i) machine.lines.fire(20);
  EXPECT_TRUE(machine.lines.unmasked.contains(20));
  machine.lines.fire(20);
  EXPECT_FALSE(machine.lines.unmasked.contains(20));
  EXPECT_EQ(units[0].calls, 1);
}

TEST_F(PinTest, what_cannot_be_connected) {
  ASSERT_TRUE(units[0].connect().ok());
  EXPECT_EQ(units[0].connect().error(), Errc::kBusy);
  units[1].function->put(pci::registers::kInterruptPin, 0, 1);
  EXPECT_EQ(units[1].connect().error(), Errc::kNoEntry);
  units[1].function->put(pci::registers::kInterruptPin, 9, 1);
  EXPECT_EQ(units[1].connect().error(), Errc::kBadMessage);
  machine.lines.fault = Errc::kNoMemory;
  EXPECT_EQ(units[3].connect().error(), Errc::kNoMemory);
  machine.lines.fault = Errc{};
  EXPECT_TRUE(units[3].connect().ok());
}

TEST_F(PinTest, lines_come_to_an_end) {
  std::array<Unit, 9> many;
  for (unsigned i = 0; i < many.size(); ++i) {
    many[i].function = &config.add(i, FakeFunction::device(1, 2));
    many[i].function->put(pci::registers::kInterruptPin, 1, 1);
    many[i].device.emplace(host, pci::Location{.device = static_cast<std::uint8_t>(i)});
    machine.pins[1] = 30 + i;
    const auto connected = many[i].connect();
    EXPECT_EQ(connected.ok() ? Errc{} : connected.error(), i < 8 ? Errc{} : Errc::kNoMemory);
  }
  for (Unit& unit : many) unit.pin.disconnect();
}

}  // namespace
