// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>

#include "../src/pl061.hpp"
#include "fake_gpio.hpp"

namespace {

using atl::Pl061;
using atl::test::Gpio;
using atl::test::GpioIo;

struct Pl061Test : testing::Test {
  Gpio gpio;
  Pl061<GpioIo> chip{GpioIo{&gpio}};
};

TEST_F(Pl061Test, a_rising_edge_interrupts_once) {
  chip.listen(3, false);
  EXPECT_FALSE(gpio.interrupts());
  gpio.edge(3, false);
  EXPECT_FALSE(gpio.interrupts());
  gpio.edge(3, true);
  EXPECT_TRUE(gpio.interrupts());
  EXPECT_EQ(chip.take(), 8u);
  EXPECT_FALSE(gpio.interrupts());
  EXPECT_EQ(chip.take(), 0u);
}

TEST_F(Pl061Test, a_pin_that_is_active_low_interrupts_when_it_falls) {
  chip.listen(3, true);
  gpio.edge(3, true);
  EXPECT_FALSE(gpio.interrupts());
  gpio.edge(3, false);
  EXPECT_EQ(chip.take(), 8u);
}

TEST_F(Pl061Test, what_happened_before_is_forgotten) {
  gpio.raw = 0xff;
  chip.listen(3, false);
  EXPECT_FALSE(gpio.interrupts());
}

TEST_F(Pl061Test, other_pins_keep_their_settings) {
  for (const std::uint64_t offset : {0x400, 0x404, 0x408, 0x40c, 0x410})
    gpio.registers[offset] = 0xf7;
  chip.listen(3, false);
  EXPECT_EQ(gpio.registers[0x400], 0xf7u);
  EXPECT_EQ(gpio.registers[0x404], 0xf7u);
  EXPECT_EQ(gpio.registers[0x408], 0xf7u);
  EXPECT_EQ(gpio.registers[0x40c], 0xffu);
  EXPECT_EQ(gpio.registers[0x410], 0xffu);
}

TEST_F(Pl061Test, settings_that_firmware_left_are_replaced) {
  for (const std::uint64_t offset : {0x400, 0x404, 0x408}) gpio.registers[offset] = 0xff;
  chip.listen(3, false);
  gpio.edge(3, true);
  EXPECT_EQ(chip.take(), 8u);
}

}  // namespace
