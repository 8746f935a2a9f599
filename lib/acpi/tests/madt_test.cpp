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
using Table = std::vector<std::byte>;

Table madt(const std::vector<int>& entries) {
  Table body(8);
  for (const int value : entries) body.push_back(static_cast<std::byte>(value));
  return make_table("APIC", body);
}

TEST(MadtTest, q35_has_one_ioapic) {
  const auto table = bytes(kQ35Madt);
  auto first = acpi::io_apic(table, 0);
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(first.value().address, PhysAddr{0xfec00000});
  EXPECT_EQ(first.value().first_line, 0u);
  EXPECT_EQ(acpi::io_apic(table, 1).error(), Errc::kNoEntry);
}

TEST(MadtTest, microvm_has_two) {
  const auto table = bytes(kMicrovmMadt);
  auto second = acpi::io_apic(table, 1);
  ASSERT_TRUE(second.ok());
  EXPECT_EQ(second.value().address, PhysAddr{0xfec10000});
  EXPECT_EQ(second.value().first_line, 24u);
  EXPECT_EQ(acpi::io_apic(table, 2).error(), Errc::kNoEntry);
}

TEST(MadtTest, q35_moves_the_timer_and_makes_the_sci_a_level) {
  const auto table = bytes(kQ35Madt);
  EXPECT_EQ(acpi::isa_line(table, 0).line, 2u);
  EXPECT_FALSE(acpi::isa_line(table, 0).level);
  EXPECT_EQ(acpi::isa_line(table, 9).line, 9u);
  EXPECT_TRUE(acpi::isa_line(table, 9).level);
  EXPECT_FALSE(acpi::isa_line(table, 9).active_low);
  EXPECT_TRUE(acpi::isa_line(table, 9).overridden);
  EXPECT_FALSE(acpi::isa_line(table, 4).overridden);
  EXPECT_EQ(acpi::isa_line(table, 4).line, 4u);
  EXPECT_FALSE(acpi::isa_line(table, 4).level);
}

TEST(MadtTest, low_active_levels) {
  const auto table = madt({2, 10, 0, 9, 20, 0, 0, 0, 0x0f, 0});
  const acpi::IsaLine line = acpi::isa_line(table, 9);
  EXPECT_EQ(line.line, 20u);
  EXPECT_TRUE(line.level);
  EXPECT_TRUE(line.active_low);
}

TEST(MadtTest, overrides_of_another_bus_or_cut_short_do_not_count) {
  EXPECT_EQ(acpi::isa_line(madt({2, 10, 1, 9, 20, 0, 0, 0, 0x0f, 0}), 9).line, 9u);
  EXPECT_EQ(acpi::isa_line(madt({2, 9, 0, 9, 20, 0, 0, 0, 0x0f}), 9).line, 9u);
  EXPECT_EQ(acpi::isa_line(madt({2, 10, 0, 9, 20}), 9).line, 9u);
}

TEST(MadtTest, entries_that_cannot_be_stepped_over_end_the_table) {
  EXPECT_EQ(acpi::io_apic(madt({5, 0, 1, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}), 0).error(),
            Errc::kNoEntry);
  EXPECT_EQ(acpi::io_apic(madt({1, 255, 0, 0}), 0).error(), Errc::kNoEntry);
  EXPECT_EQ(acpi::io_apic(madt({1}), 0).error(), Errc::kNoEntry);
  EXPECT_EQ(acpi::io_apic(madt({1, 8, 0, 0, 0, 0, 0, 0}), 0).error(), Errc::kNoEntry);
  EXPECT_EQ(acpi::io_apic(Table(36), 0).error(), Errc::kNoEntry);
  EXPECT_EQ(acpi::io_apic({}, 0).error(), Errc::kNoEntry);
}

TEST(MadtTest, processors_that_can_run_are_counted) {
  const auto table = madt({0, 8,  0, 5, 1,    0,    0, 0,                          // an APIC
                           1, 12, 0, 0, 0,    0,    0, 0, 0, 0, 0, 0,              // something else
                           0, 8,  1, 6, 2,    0,    0, 0,                          // not enabled
                           9, 16, 0, 0, 0x34, 0x12, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0,  // an x2APIC
                           0, 7,  1, 7, 1,    0,    0,                             // cut short
                           9, 16, 0, 0, 8,    0,    0, 0, 0, 0, 0, 0, 3, 0, 0, 0,  // not enabled
                           0, 8,  2, 9, 3,    0,    0, 0});
  EXPECT_EQ(acpi::local_apic(table, 0).value(), 5u);
  EXPECT_EQ(acpi::local_apic(table, 1).value(), 0x1234u);
  EXPECT_EQ(acpi::local_apic(table, 2).value(), 9u);
  EXPECT_EQ(acpi::local_apic(table, 3).error(), Errc::kNoEntry);
  EXPECT_EQ(acpi::local_apic({}, 0).error(), Errc::kNoEntry);
}

TEST(MadtTest, any_content_is_survived) {
  std::mt19937 random{8};
  for (int i = 0; i < 5'000; ++i) {
    Table table(random() % 120);
    for (std::byte& byte : table) byte = static_cast<std::byte>(random() % 16);
    for (std::size_t index = 0; index < 4; ++index) {
      static_cast<void>(acpi::io_apic(table, index));
      static_cast<void>(acpi::local_apic(table, index));
    }
    static_cast<void>(acpi::isa_line(table, static_cast<std::uint8_t>(random() % 16)));
  }
}

}  // namespace
