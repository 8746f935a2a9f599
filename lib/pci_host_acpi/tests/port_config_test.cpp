// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "../src/port_config.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstring>

namespace {

using namespace atl;

/// The two registers (PCI Local Bus 3.0 §3.2.2.3.2), with one function behind them.
struct Machine {
  bool there = true;
  std::uint32_t address = 0x1234;
  std::array<std::uint8_t, 256> function{};
  static constexpr std::uint32_t kPlace = 0x8000'0000 | 2 << 16 | 3 << 11 | 4 << 8;
};

struct MachineIo {
  Machine* machine;

  template <typename T>
  [[nodiscard]] T read(std::uint64_t offset) const {
    if (!machine->there) return static_cast<T>(~T{0});
    if (offset == 0) return static_cast<T>(machine->address);
    T value = static_cast<T>(~T{0});
    if ((machine->address & ~0xfcu) == Machine::kPlace)
      std::memcpy(&value, &machine->function.at((machine->address & 0xfc) + offset - 4),
                  sizeof value);
    return value;
  }
  template <typename T>
  void write(std::uint64_t offset, T value) const {
    if (!machine->there) return;
    if (offset == 0) {
      EXPECT_EQ(sizeof(T), 4u);  // smaller ones pass by the register
      machine->address = static_cast<std::uint32_t>(value);
    } else if ((machine->address & ~0xfcu) == Machine::kPlace) {
      std::memcpy(&machine->function.at((machine->address & 0xfc) + offset - 4), &value,
                  sizeof value);
    }
  }
};

struct PortConfigTest : testing::Test {
  Machine machine;
  pci::PortConfig<MachineIo> config{MachineIo{&machine}};
  const pci::Location at{.bus = 2, .device = 3, .function = 4};
};

TEST_F(PortConfigTest, the_address_register_shows_that_it_is_there) {
  EXPECT_TRUE(config.present());
  EXPECT_EQ(machine.address, 0x1234u);
  machine.there = false;
  EXPECT_FALSE(config.present());
}

TEST_F(PortConfigTest, each_width_reaches_its_bytes) {
  config.write<std::uint32_t>(at, 0xfc, 0x1122'3344);
  EXPECT_EQ(config.read<std::uint8_t>(at, 0xfd), 0x33);
  EXPECT_EQ(config.read<std::uint16_t>(at, 0xfe), 0x1122);
  config.write<std::uint8_t>(at, 0xff, 0xaa);
  config.write<std::uint16_t>(at, 0xfc, 0xbbcc);
  EXPECT_EQ(config.read<std::uint32_t>(at, 0xfc), 0xaa22'bbccu);
}

TEST_F(PortConfigTest, nothing_is_elsewhere) {
  EXPECT_EQ(config.read<std::uint32_t>({.bus = 2, .device = 3, .function = 5}, 0), ~0u);
}

TEST_F(PortConfigTest, what_lies_behind_256_bytes_is_not_reached) {
  EXPECT_EQ(config.read<std::uint16_t>(at, 0x100), 0xffff);
  config.write<std::uint32_t>(at, 0x100, 1);
  EXPECT_EQ(machine.address, 0x1234u);
}

}  // namespace
