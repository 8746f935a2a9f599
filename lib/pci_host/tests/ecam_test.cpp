// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>

#include <atoll/pci_ecam.hpp>
#include <cstring>
#include <vector>

namespace {
std::vector<std::uint32_t> bus_memory;
std::vector<std::uint64_t> mapped;
atl::Errc map_fault{};
}  // namespace

namespace atl::vm {
Result<VirtAddr> map_device(PhysRange registers);
Result<VirtAddr> map_device(PhysRange registers) {
  if (map_fault != Errc{}) return fail(map_fault);
  EXPECT_EQ(registers.size, pci::Ecam::kBusSize);
  mapped.push_back(registers.start.value());
  return VirtAddr::of(bus_memory.data());
}
}  // namespace atl::vm

namespace {

using namespace atl;

struct EcamTest : testing::Test {
  void SetUp() override {
    bus_memory.assign(pci::Ecam::kBusSize / 4, 0xa5a5'a5a5);
    mapped.clear();
    map_fault = Errc{};
  }
  // Buses 2 and 3.
  pci::Ecam ecam{{PhysAddr{0x4010'0000}, 2 << 20}, 2};
  const pci::Location at{.bus = 3, .device = 31, .function = 7};
};

TEST_F(EcamTest, a_bus_is_mapped_once) {
  ASSERT_TRUE(ecam.open(3).ok());
  ASSERT_TRUE(ecam.open(3).ok());
  EXPECT_EQ(mapped, (std::vector<std::uint64_t>{0x4020'0000}));
}

TEST_F(EcamTest, buses_outside_are_refused) {
  EXPECT_EQ(ecam.open(1).error(), Errc::kInvalidArgument);
  EXPECT_EQ(ecam.open(4).error(), Errc::kInvalidArgument);
  EXPECT_EQ(ecam.open(255).error(), Errc::kInvalidArgument);
  EXPECT_TRUE(mapped.empty());
}

TEST_F(EcamTest, without_memory_for_its_mapping_a_bus_stays_closed) {
  map_fault = Errc::kNoMemory;
  EXPECT_EQ(ecam.open(2).error(), Errc::kNoMemory);
  EXPECT_EQ(ecam.read<std::uint32_t>({.bus = 2}, 0), ~0u);
  map_fault = Errc{};
  EXPECT_TRUE(ecam.open(2).ok());
}

TEST_F(EcamTest, a_function_has_a_page) {
  ASSERT_TRUE(ecam.open(3).ok());
  ecam.write<std::uint32_t>(at, 0xffc, 0x1234'5678);
  EXPECT_EQ(bus_memory.back(), 0x1234'5678u);
  EXPECT_EQ(ecam.read<std::uint16_t>(at, 0xffe), 0x1234);
  EXPECT_EQ(ecam.read<std::uint8_t>(at, 0xffd), 0x56);
  ecam.write<std::uint8_t>(at, 0xffc, 0);
  ecam.write<std::uint16_t>(at, 0xffe, 0xffff);
  EXPECT_EQ(bus_memory.back(), 0xffff'5600u);
  ecam.change(at, 0xffe, 0x00f0, 0x0000);
  EXPECT_EQ(bus_memory.back(), 0xff0f'5600u);
}

TEST_F(EcamTest, a_closed_bus_reads_as_ones) {
  EXPECT_EQ(ecam.read<std::uint16_t>(at, 0), 0xffff);
  ecam.write<std::uint16_t>(at, 0, 0);
  EXPECT_EQ(bus_memory.front(), 0xa5a5'a5a5u);
}

}  // namespace
