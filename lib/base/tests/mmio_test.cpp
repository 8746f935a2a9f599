// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>
#include <atoll/mmio.hpp>

#include <array>

namespace {

using namespace atl;

TEST(MmioTest, each_width_reaches_its_own_bytes) {
  alignas(8) std::array<std::uint8_t, 32> registers{};
  const Mmio io{VirtAddr::of(registers.data())};
  io.write<std::uint8_t>(1, 0xab);
  io.write<std::uint16_t>(2, 0x1234);
  io.write<std::uint32_t>(4, 0xdeadbeef);
  io.write<std::uint64_t>(8, 0x0102030405060708);
  EXPECT_EQ(registers[0], 0);
  EXPECT_EQ(registers[1], 0xab);
  EXPECT_EQ(io.read<std::uint16_t>(2), 0x1234);
  EXPECT_EQ(io.read<std::uint32_t>(4), 0xdeadbeefu);
  EXPECT_EQ(io.read<std::uint64_t>(8), 0x0102030405060708u);
  EXPECT_EQ(registers[16], 0);
}

/// A device that counts what it is asked.
struct FakeDevice {
  unsigned* reads;
  template <RegisterValue T>
  T read(std::uint64_t) const {
    ++*reads;
    return T{1};
  }
  template <RegisterValue T>
  void write(std::uint64_t, T) const {}
};

template <RegisterIo Io>
std::uint32_t status(Io io) {
  return io.template read<std::uint32_t>(4);
}

TEST(MmioTest, a_driver_runs_against_a_fake_device) {
  unsigned reads = 0;
  EXPECT_EQ(status(FakeDevice{&reads}), 1u);
  EXPECT_EQ(reads, 1u);
  std::array<std::uint32_t, 2> registers{7, 9};
  EXPECT_EQ(status(Mmio{VirtAddr::of(registers.data())}), 9u);
}

}  // namespace
