// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>

#include <atoll/acpi_tables.hpp>
#include <random>

#include "physical_memory.hpp"
#include "recorded.hpp"

namespace {

using namespace atl;
using namespace atl::acpi::test;
using acpi::Register;
using Space = acpi::Register::Space;

void expect_register(const Register& found, Space space, std::uint8_t size, std::uint64_t address) {
  EXPECT_EQ(found.space, space);
  EXPECT_EQ(found.bytes, size);
  EXPECT_EQ(found.address, address);
}

Result<acpi::Fixed> parse(acpi::Bytes table) {
  acpi::Fixed fixed;
  TRY(acpi::parse_fixed(table, fixed));
  return fixed;
}

TEST(FixedTest, q35) {
  const auto table = bytes(kQ35Fixed);
  auto parsed = parse(table);
  ASSERT_TRUE(parsed.ok());
  const acpi::Fixed& fixed = parsed.value();
  EXPECT_FALSE(fixed.hardware_reduced);
  EXPECT_EQ(fixed.sci, 9);
  EXPECT_EQ(fixed.smi_command, 0xb2u);
  EXPECT_EQ(fixed.acpi_enable, 2);
  EXPECT_EQ(fixed.dsdt, PhysAddr{0x1fe0040});
  expect_register(fixed.event[0], Space::kPort, 2, 0x600);
  expect_register(fixed.enable[0], Space::kPort, 2, 0x602);
  expect_register(fixed.control[0], Space::kPort, 2, 0x604);
  EXPECT_TRUE(fixed.has_power_button);
  EXPECT_FALSE(fixed.event[1].present());
  EXPECT_FALSE(fixed.enable[1].present());
  EXPECT_FALSE(fixed.control[1].present());
  ASSERT_TRUE(fixed.has_reset);
  expect_register(fixed.reset, Space::kPort, 1, 0xcf9);
  EXPECT_EQ(fixed.reset_value, 0x0f);
}

TEST(FixedTest, pc_has_only_the_old_fields) {
  const auto table = bytes(kPcFixed);
  auto parsed = parse(table);
  ASSERT_TRUE(parsed.ok());
  const acpi::Fixed& fixed = parsed.value();
  expect_register(fixed.event[0], Space::kPort, 2, 0x600);
  expect_register(fixed.control[0], Space::kPort, 2, 0x604);
  EXPECT_NE(fixed.dsdt, PhysAddr{0});
  EXPECT_FALSE(fixed.has_reset);
}

TEST(FixedTest, microvm_has_no_fixed_hardware_but_a_sleep_register) {
  const auto table = bytes(kMicrovmFixed);
  auto parsed = parse(table);
  ASSERT_TRUE(parsed.ok());
  const acpi::Fixed& fixed = parsed.value();
  EXPECT_TRUE(fixed.hardware_reduced);
  EXPECT_FALSE(fixed.control[0].present());
  EXPECT_FALSE(fixed.event[0].present());
  expect_register(fixed.sleep_control, Space::kMemory, 1, 0xfea00200);
  ASSERT_TRUE(fixed.has_reset);
  expect_register(fixed.reset, Space::kMemory, 1, 0xfea00202);
  EXPECT_EQ(fixed.reset_value, 0x42);
}

TEST(FixedTest, a_power_button_that_is_a_device_is_not_in_the_registers) {
  auto table = bytes(kQ35Fixed);
  table[112] |= std::byte{1u << 4};
  EXPECT_FALSE(parse(table).value().has_power_button);
}

TEST(FixedTest, a_reduced_machine_ignores_fields_of_hardware_it_lacks) {
  auto table = bytes(kMicrovmFixed);
  put(table, 64, 0x604, 4);
  put(table, 89, 2, 1);
  EXPECT_FALSE(parse(table).value().control[0].present());
}

TEST(FixedTest, registers_in_other_spaces_are_absent) {
  auto table = bytes(kQ35Fixed);
  table[116] = std::byte{2};    // the reset register, in PCI configuration space
  table[172] = std::byte{127};  // control, in functional fixed hardware: the old field stays
  EXPECT_FALSE(parse(table).value().has_reset);
  expect_register(parse(table).value().control[0], Space::kPort, 2, 0x604);
}

TEST(FixedTest, ports_beyond_the_last_are_absent) {
  auto table = bytes(kQ35Fixed);
  put(table, 120, 0x1'0000, 8);
  put(table, 48, 0x1'00b2, 4);
  const auto parsed = parse(table);
  EXPECT_FALSE(parsed.value().has_reset);
  EXPECT_EQ(parsed.value().smi_command, 0u);
}

TEST(FixedTest, blocks_that_are_too_short_are_absent) {
  auto table = bytes(kQ35Fixed);
  put(table, 88, 0, 1);
  put(table, 89, 1, 1);
  const auto parsed = parse(table);
  EXPECT_FALSE(parsed.value().event[0].present());
  EXPECT_FALSE(parsed.value().control[0].present());
}

TEST(FixedTest, refuses_what_is_no_fixed_table) {
  auto table = bytes(kQ35Fixed);
  EXPECT_EQ(parse(acpi::Bytes{table}.first(115)).error(), Errc::kBadMessage);
  EXPECT_EQ(parse({}).error(), Errc::kBadMessage);
  table[0] = std::byte{'X'};
  EXPECT_EQ(parse(table).error(), Errc::kBadMessage);
}

TEST(FixedTest, every_length_and_any_content_is_survived) {
  std::mt19937 random{6};
  for (int i = 0; i < 2'000; ++i) {
    std::vector<std::byte> table(random() % 300);
    for (std::byte& byte : table) byte = static_cast<std::byte>(random());
    if (table.size() >= 4) std::memcpy(table.data(), "FACP", 4);
    static_cast<void>(parse(table));
  }
}

}  // namespace
