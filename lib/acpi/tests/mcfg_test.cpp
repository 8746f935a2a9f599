// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>

#include <atoll/acpi_tables.hpp>
#include <random>
#include <vector>

#include "physical_memory.hpp"

namespace {

using namespace atl;
using namespace atl::acpi::test;
using Table = std::vector<std::byte>;

Table mcfg(const std::vector<int>& entries) {
  Table body(8);
  for (const int value : entries) body.push_back(static_cast<std::byte>(value));
  return make_table("MCFG", body);
}

TEST(McfgTest, an_entry_is_a_piece_of_memory_and_its_buses) {
  const auto table = mcfg({0, 0, 0, 0xb0, 0, 0, 0, 0, 0, 0, 0, 255, 0, 0, 0, 0,  // q35's
                           0, 0, 0, 0xc0, 1, 0, 0, 0, 2, 0, 8, 11,  0, 0, 0, 0});
  const auto first = acpi::config_space(table, 0);
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(first.value().registers, (PhysRange{PhysAddr{0xb000'0000}, 256 << 20}));
  EXPECT_EQ(first.value().segment, 0);
  EXPECT_EQ(first.value().last_bus, 255);
  const auto second = acpi::config_space(table, 1);
  ASSERT_TRUE(second.ok());
  EXPECT_EQ(second.value().registers, (PhysRange{PhysAddr{0x1'c080'0000}, 4 << 20}));
  EXPECT_EQ(second.value().segment, 2);
  EXPECT_EQ(second.value().first_bus, 8);
  EXPECT_EQ(acpi::config_space(table, 2).error(), Errc::kNoEntry);
}

TEST(McfgTest, what_cannot_be_is_refused) {
  const auto error = [](const std::vector<int>& entry) {
    return acpi::config_space(mcfg(entry), 0).error();
  };
  EXPECT_EQ(error({0, 0, 0, 0xb0, 0, 0, 0, 0, 0, 0, 9, 8, 0, 0, 0, 0}), Errc::kBadMessage);
  EXPECT_EQ(error({0, 0, 0x10, 0xb0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0}), Errc{});
  EXPECT_EQ(error({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0}), Errc::kBadMessage);
  EXPECT_EQ(error({0, 0, 8, 0xb0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0}), Errc::kBadMessage);
  EXPECT_EQ(error({0, 0, 0, 0xb0, 0, 0, 8, 0, 0, 0, 0, 8, 0, 0, 0, 0}), Errc::kBadMessage);
  EXPECT_EQ(error({0, 0, 0, 0xb0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0}), Errc::kNoEntry);
  EXPECT_EQ(acpi::config_space(Table(43), 0).error(), Errc::kNoEntry);
  EXPECT_EQ(acpi::config_space({}, 0).error(), Errc::kNoEntry);
}

}  // namespace
