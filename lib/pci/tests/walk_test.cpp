// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "../src/walk.hpp"

#include <gtest/gtest.h>

#include <atoll/console.hpp>
#include <string>

#include "fake_machine.hpp"

namespace {

using namespace atl;
using pci::test::FakeConfig;
using pci::test::FakeFunction;

std::string console_text;
std::vector<std::string> probed;
Errc answer{};

Result<void> record(const pci::Device& device) {
  probed.emplace_back(device.name().c_str());
  if (answer != Errc{}) return fail(answer);
  return {};
}

constexpr pci::Driver kTable[] = {{"1af4:1041", record}, {"1af4:1042", record}};
using Names = std::vector<std::string>;

class TestSink final : public console::Sink {
 private:
  void do_write(std::string_view text) override { console_text += text; }
};

struct WalkTest : testing::Test {
  static void SetUpTestSuite() {
    static TestSink sink;
    static bool added = false;
    if (!added) console::add_sink(sink);
    added = true;
  }
  void SetUp() override {
    console_text.clear();
    probed.clear();
    answer = Errc{};
  }
  void walk(std::uint8_t last_bus = 255) {
    const pci::Host host{.config = &config, .last_bus = last_bus};
    pci::probe_all(host, kTable);
  }
  static FakeFunction block() { return FakeFunction::device(0x1af4, 0x1042); }
  static FakeFunction& number(FakeFunction& bridge, unsigned secondary, unsigned subordinate) {
    bridge.put(pci::registers::kSecondaryBus, secondary, 1);
    bridge.put(pci::registers::kSubordinateBus, subordinate, 1);
    return bridge;
  }

  FakeConfig config;
};

TEST_F(WalkTest, drivers_get_their_devices) {
  config.add(0, FakeFunction::device(0x8086, 0x1237));
  config.add(2, FakeFunction::device(0x1af4, 0x1041));
  config.add(31, block());
  walk();
  EXPECT_EQ(probed, (Names{"0000:00:02.0", "0000:00:1f.0"}));
  EXPECT_EQ(console_text, "");
}

TEST_F(WalkTest, a_probe_that_fails_is_logged_and_the_next_goes_on) {
  config.add(2, block());
  config.add(3, block());
  answer = Errc::kProtocol;
  walk();
  EXPECT_EQ(probed.size(), 2u);
  EXPECT_NE(console_text.find("pci: error: 0000:00:02.0 (1af4:1042): protocol error"),
            std::string::npos)
      << console_text;
}

TEST_F(WalkTest, pins_are_disabled_before_a_driver_sees_the_device) {
  config.add(2, block()).put(pci::registers::kInterruptPin, 1, 1);
  config.add(3, FakeFunction::device(1, 2)).put(pci::registers::kInterruptPin, 4, 1);
  config.add(4, block());
  walk();
  EXPECT_EQ(config.find({.device = 2})->get(pci::registers::kCommand, 2), pci::kPinDisabled);
  EXPECT_EQ(config.find({.device = 3})->get(pci::registers::kCommand, 2), pci::kPinDisabled);
  EXPECT_EQ(config.find({.device = 4})->get(pci::registers::kCommand, 2), 0u);
}

TEST_F(WalkTest, devices_behind_bridges) {
  FakeFunction& outer = config.add(1, FakeFunction::bridge());
  number(outer, 1, 4);
  outer.behind[0] = block();
  FakeFunction& inner = outer.behind[8] = FakeFunction::bridge();
  number(inner, 3, 4);
  inner.behind[16] = block();
  FakeFunction& other = config.add(2, FakeFunction::bridge());
  number(other, 5, 5);
  other.behind[7] = block();                                  // function 7 of no device
  config.add(3, FakeFunction::bridge()).behind[0] = block();  // not numbered
  walk();
  EXPECT_EQ(probed, (Names{"0000:01:00.0", "0000:03:02.0"}));
  EXPECT_EQ(config.opened, (std::set<unsigned>{0, 1, 3, 5}));
  EXPECT_EQ(console_text, "");
}

TEST_F(WalkTest, bridges_that_lead_back_or_outside_are_not_followed) {
  const std::pair<unsigned, unsigned> numbers[] = {{0, 5}, {5, 4}, {5, 200}, {0, 255}};
  unsigned device = 1;
  for (const auto& [secondary, subordinate] : numbers)
    number(config.add(device++, FakeFunction::bridge()), secondary, subordinate);
  FakeFunction& good = config.add(9, FakeFunction::bridge());
  number(good, 2, 3);
  good.behind[0] = FakeFunction::bridge();
  number(good.behind[0], 2, 3);  // to its own bus
  good.behind[8] = FakeFunction::bridge();
  number(good.behind[8], 1, 3);
  FakeFunction& twin = config.add(10, FakeFunction::bridge());
  number(twin, 2, 3);
  walk(100);
  EXPECT_EQ(config.opened, (std::set<unsigned>{0, 2}));
  std::size_t said = 0;
  for (std::size_t at = 0; (at = console_text.find("cannot be behind it", at)) != std::string::npos;
       ++at)
    ++said;
  EXPECT_EQ(said, 7u) << console_text;
}

TEST_F(WalkTest, a_header_of_no_known_type_is_left_alone) {
  FakeFunction odd = block();
  odd.put(pci::registers::kHeaderType, 0x13, 1);
  config.add(2, odd);
  config.add(3, block());
  walk();
  EXPECT_EQ(probed, (Names{"0000:00:03.0"}));
  EXPECT_NE(console_text.find("0000:00:02.0: a header of no known type"), std::string::npos);
}

TEST_F(WalkTest, a_bus_that_cannot_be_opened_has_no_devices) {
  config.add(2, block());
  config.fault = Errc::kNoMemory;
  walk();
  EXPECT_TRUE(probed.empty());
  EXPECT_NE(console_text.find("bus 0: out of memory"), std::string::npos) << console_text;
}

TEST_F(WalkTest, machines_of_rubbish_come_to_an_end) {
  for (std::uint32_t seed = 0; seed < 5; ++seed) {
    pci::test::RandomConfig random{seed};
    pci::probe_all({.config = &random, .last_bus = 255}, kTable);
    // Each bus at most once: 256 functions of a few reads each.
    EXPECT_LT(random.accesses, 256u * 256 * 8) << "seed " << seed;
  }
}

}  // namespace
