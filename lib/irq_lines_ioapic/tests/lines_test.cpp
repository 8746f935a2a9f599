// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>

#include <array>
#include <atoll/host/machine.hpp>

#include "../src/lines.hpp"
#include "fake_root.hpp"

namespace {

using namespace atl;
using irq::Trigger;
using irq::test::fake_root;

/// The registers of one IOAPIC: what the data sheet says of the window.
struct Chip {
  std::uint32_t version = 0x0017'0020;  // 24 entries
  std::uint32_t selected = 0;
  std::array<std::uint32_t, 0x100> registers{};

  std::uint32_t low(std::uint32_t pin) const { return registers[0x10 + 2 * pin]; }
  std::uint32_t high(std::uint32_t pin) const { return registers[0x11 + 2 * pin]; }
};

struct FakeIo {
  Chip* chip = nullptr;

  template <typename T>
  T read(std::uint64_t offset) const {
    EXPECT_EQ(offset, 0x10u);
    return static_cast<T>(chip->selected == 1 ? chip->version : chip->registers.at(chip->selected));
  }
  template <typename T>
  void write(std::uint64_t offset, T value) const {
    if (offset == 0) {
      chip->selected = value;
    } else {
      EXPECT_EQ(offset, 0x10u);
      chip->registers.at(chip->selected) = value;
    }
  }
};

std::array<Chip, 6> chips;
std::size_t chip_count;
Result<void> (*fault)() = nullptr;
std::uint32_t destination = 3;
int discoveries;

Result<void> discover(irq::IoApicLines<FakeIo>& lines, std::uint32_t line) {
  ++discoveries;
  if (fault != nullptr) TRY(fault());
  const std::uint32_t owner = line / 24;
  if (owner < chip_count) lines.add(FakeIo{&chips[owner]}, 24 * owner);
  return {};
}

void handler(void*) {}

struct LinesTest : testing::Test {
  void SetUp() override {
    host::reset_machine();
    chips = {};
    for (Chip& chip : chips) chip.registers.fill(1u << 16);
    chip_count = 2;
    fault = nullptr;
    destination = 3;
    discoveries = 0;
    fake_root.connected.clear();
    fake_root.unmasked.clear();
    fake_root.fault = Errc{};
  }

  irq::IoApicLines<FakeIo>::Room room;
  irq::IoApicLines<FakeIo> lines{room, discover, [] { return destination; }};
};

TEST_F(LinesTest, an_edge_is_open_at_the_chip_and_masked_at_the_vector) {
  ASSERT_TRUE(lines.connect(4, Trigger::kEdgeRising, handler, nullptr).ok());
  EXPECT_EQ(chips[0].low(4), 48u);
  EXPECT_EQ(chips[0].high(4), 3u << 24);
  EXPECT_TRUE(fake_root.unmasked.empty());
  lines.unmask(4);
  EXPECT_EQ(fake_root.unmasked, (std::set<std::uint32_t>{48}));
  lines.mask(4);
  EXPECT_TRUE(fake_root.unmasked.empty());
  EXPECT_EQ(chips[0].low(4), 48u);
}

TEST_F(LinesTest, a_level_is_masked_at_the_chip) {
  ASSERT_TRUE(lines.connect(9, Trigger::kLevelLow, handler, nullptr).ok());
  EXPECT_EQ(chips[0].low(9), 48u | 1u << 13 | 1u << 15 | 1u << 16);
  lines.unmask(9);
  EXPECT_EQ(chips[0].low(9), 48u | 1u << 13 | 1u << 15);
  lines.mask(9);
  EXPECT_EQ(chips[0].low(9), 48u | 1u << 13 | 1u << 15 | 1u << 16);
}

TEST_F(LinesTest, polarity_and_trigger_of_the_other_two_kinds) {
  ASSERT_TRUE(lines.connect(10, Trigger::kLevelHigh, handler, nullptr).ok());
  ASSERT_TRUE(lines.connect(11, Trigger::kEdgeFalling, handler, nullptr).ok());
  EXPECT_EQ(chips[0].low(10), 48u | 1u << 15 | 1u << 16);
  EXPECT_EQ(chips[0].low(11), 49u | 1u << 13);
}

TEST_F(LinesTest, the_second_chip_has_the_lines_behind_the_first) {
  ASSERT_TRUE(lines.connect(24 + 5, Trigger::kEdgeRising, handler, nullptr).ok());
  EXPECT_EQ(chips[1].low(5), 48u);
  EXPECT_EQ(chips[0].low(5), 1u << 16);
}

TEST_F(LinesTest, looks_for_a_chip_once_and_only_when_asked) {
  lines.unmask(4);
  lines.mask(4);
  lines.disconnect(4);
  EXPECT_EQ(discoveries, 0);
  ASSERT_TRUE(lines.connect(4, Trigger::kEdgeRising, handler, nullptr).ok());
  ASSERT_TRUE(lines.connect(5, Trigger::kEdgeRising, handler, nullptr).ok());
  EXPECT_EQ(discoveries, 1);
  ASSERT_TRUE(lines.connect(24, Trigger::kEdgeRising, handler, nullptr).ok());
  EXPECT_EQ(discoveries, 2);
}

TEST_F(LinesTest, a_failed_search_is_told_and_tried_again) {
  fault = +[]() -> Result<void> { return fail(Errc::kBadMessage); };
  EXPECT_EQ(lines.connect(4, Trigger::kEdgeRising, handler, nullptr).error(), Errc::kBadMessage);
  fault = nullptr;
  EXPECT_TRUE(lines.connect(4, Trigger::kEdgeRising, handler, nullptr).ok());
}

TEST_F(LinesTest, refuses_lines_that_no_chip_has) {
  for (const std::uint32_t line : {48u, 1000u, ~0u})
    EXPECT_EQ(lines.connect(line, Trigger::kEdgeRising, handler, nullptr).error(),
              Errc::kInvalidArgument);
  EXPECT_EQ(lines.connect(3, Trigger::kEdgeRising, nullptr, nullptr).error(),
            Errc::kInvalidArgument);
  EXPECT_TRUE(fake_root.connected.empty());
}

TEST_F(LinesTest, ignores_chips_that_cannot_be) {
  for (const std::uint32_t version : {0u, 0xffff'ffffu, 0x00ff'0020u}) {
    chips[0].version = version;
    EXPECT_EQ(lines.connect(4, Trigger::kEdgeRising, handler, nullptr).error(),
              Errc::kInvalidArgument);
  }
}

TEST_F(LinesTest, ignores_chips_beyond_its_room) {
  chip_count = 6;
  for (std::uint32_t line = 1; line < 96; line += 24)
    EXPECT_TRUE(lines.connect(line, Trigger::kEdgeRising, handler, nullptr).ok());
  EXPECT_EQ(lines.connect(97, Trigger::kEdgeRising, handler, nullptr).error(),
            Errc::kInvalidArgument);
}

TEST_F(LinesTest, one_handler_a_line_until_it_is_disconnected) {
  ASSERT_TRUE(lines.connect(4, Trigger::kLevelHigh, handler, nullptr).ok());
  EXPECT_EQ(lines.connect(4, Trigger::kLevelHigh, handler, nullptr).error(), Errc::kBusy);
  lines.disconnect(4);
  EXPECT_EQ(chips[0].low(4), 1u << 16);
  EXPECT_TRUE(fake_root.connected.empty());
  EXPECT_TRUE(lines.connect(4, Trigger::kLevelHigh, handler, nullptr).ok());
}

TEST_F(LinesTest, steps_over_vectors_in_use) {
  for (std::uint32_t vector = 48; vector < 60; ++vector) fake_root.connected[vector] = handler;
  ASSERT_TRUE(lines.connect(4, Trigger::kEdgeRising, handler, nullptr).ok());
  EXPECT_EQ(chips[0].low(4), 60u);
}

TEST_F(LinesTest, hands_on_what_the_root_refuses) {
  fake_root.fault = Errc::kNoMemory;
  EXPECT_EQ(lines.connect(4, Trigger::kEdgeRising, handler, nullptr).error(), Errc::kNoMemory);
  EXPECT_EQ(chips[0].low(4), 1u << 16);
}

TEST_F(LinesTest, a_cpu_out_of_reach_is_an_error) {
  destination = 256;
  EXPECT_EQ(lines.connect(4, Trigger::kEdgeRising, handler, nullptr).error(), Errc::kNotSupported);
  EXPECT_TRUE(fake_root.connected.empty());
}

TEST_F(LinesTest, runs_out_of_room_cleanly) {
  std::uint32_t connected = 0;
  chip_count = 4;
  while (lines.connect(connected, Trigger::kEdgeRising, handler, nullptr).ok()) ++connected;
  EXPECT_EQ(connected, config::irq::kMaxHandlers);
}

}  // namespace
