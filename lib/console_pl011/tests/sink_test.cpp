// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "sink.hpp"

#include <atoll/console.hpp>
#include <atoll/console_pl011.hpp>

#include <gtest/gtest.h>
#include <array>
#include <cstdint>

namespace {

TEST(Pl011Sink, gets_what_was_written_before_and_afterwards) {
  // Plain memory in place of the registers: flags that say "room", the last byte
  // written in the data register.
  static std::array<std::uint32_t, 0x40 / 4> registers{};
  registers[0x18 / 4] = 1u << 4;
  atl::console::write("early");
  EXPECT_FALSE(atl::console_pl011::attached());
  atl::console_pl011::attach(atl::VirtAddr::of(registers.data()));
  EXPECT_TRUE(atl::console_pl011::attached());
  EXPECT_EQ(registers[0], static_cast<std::uint32_t>('y'));
  EXPECT_EQ(registers[0x30 / 4], 0x301u);
  atl::console::write("later!");
  EXPECT_EQ(registers[0], static_cast<std::uint32_t>('!'));
  std::array<char, 4> into{};
  EXPECT_EQ(atl::console::read(into), 0u);
}

}  // namespace
