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

/// A definition block with `code` in it, written as text: \x08_S5_...
Table block(const std::string& code) {
  Table body(code.size());
  if (!code.empty()) std::memcpy(body.data(), code.data(), code.size());
  return make_table("DSDT", body);
}

using namespace std::string_literals;

TEST(SleepTest, microvm) {
  const auto table = bytes(kMicrovmDsdt);
  auto found = acpi::find_s5(table);
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found.value().a, 5);
}

TEST(SleepTest, two_values) {
  auto found = acpi::find_s5(block("\x08_S5_\x12\x08\x04\x0a\x05\x0a\x07\x00\x00"s));
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found.value().a, 5);
  EXPECT_EQ(found.value().b, 7);
}

TEST(SleepTest, zero_and_one_have_encodings_of_their_own) {
  auto found = acpi::find_s5(block("\x08_S5_\x12\x06\x04\x00\x01\x00\x00"s));
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found.value().a, 0);
  EXPECT_EQ(found.value().b, 1);
}

TEST(SleepTest, a_word_counts_with_its_low_byte) {
  auto found = acpi::find_s5(block("\x08_S5_\x12\x08\x02\x0b\x06\xff\x0b\x05\x00"s));
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found.value().a, 6);
  EXPECT_EQ(found.value().b, 5);
}

TEST(SleepTest, one_element_serves_both) {
  auto found = acpi::find_s5(block("\x08_S5_\x12\x04\x01\x0a\x03"s));
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found.value().a, 3);
  EXPECT_EQ(found.value().b, 3);
}

TEST(SleepTest, a_name_from_the_root) {
  EXPECT_TRUE(acpi::find_s5(block("\x08\\_S5_\x12\x06\x04\x00\x01\x00\x00"s)).ok());
}

TEST(SleepTest, a_long_package) {
  const std::string rest(300, '\0');
  auto found = acpi::find_s5(block("\x08_S5_\x12\x40\x13\x04\x0a\x02\x0a\x04"s + rest));
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found.value().a, 2);
}

TEST(SleepTest, is_found_wherever_it_starts) {
  for (std::size_t before = 0; before < 40; ++before) {
    for (const char filler : {'\0', '_', 'S', '5', 'x'}) {
      const auto table =
          block(std::string(before, filler) + "\x08_S5_\x12\x06\x04\x00\x01\x00\x00"s);
      EXPECT_TRUE(acpi::find_s5(table).ok()) << before << filler;
    }
  }
}

TEST(SleepTest, a_mention_is_no_definition) {
  EXPECT_EQ(acpi::find_s5(block("p_S5_\x12\x06\x04\x00\x01\x00\x00"s)).error(), Errc::kNoEntry);
  EXPECT_EQ(acpi::find_s5(block("\x08_S5_\x0a\x05"s)).error(), Errc::kNoEntry);
  EXPECT_TRUE(acpi::find_s5(block("p_S5_h\x08_S5_\x12\x06\x04\x00\x01\x00\x00"s)).ok());
}

TEST(SleepTest, other_states_are_not_it) {
  EXPECT_EQ(acpi::find_s5(block("\x08_S4_\x12\x06\x04\x00\x01\x00\x00"s)).error(), Errc::kNoEntry);
}

TEST(SleepTest, refuses_what_is_cut_off_or_leads_outside) {
  const std::string whole = "\x08_S5_\x12\x08\x02\x0a\x05\x0b\x07\x00\x00"s;
  for (std::size_t size = 0; size < 11; ++size)
    EXPECT_FALSE(acpi::find_s5(block(whole.substr(0, size))).ok()) << size;
  for (const char* code : {"\x08_S5_\x12\x3f\x04\x0a\x05\x0a\x07", "\x08_S5_\x12\xcf\xff\xff\xff",
                           "\x08_S5_\x12\x01\x01\x0a\x05", "\x08_S5_\x12"})
    EXPECT_FALSE(acpi::find_s5(block(code)).ok());
  EXPECT_FALSE(acpi::find_s5(block("\x08_S5_\x12\x06\x00\x00\x01\x00\x00"s)).ok());
  EXPECT_FALSE(acpi::find_s5(block("\x08_S5_\x12\x06\x02\x0c\x01\x00\x00"s)).ok());
  EXPECT_FALSE(acpi::find_s5(Table(35)).ok());
  EXPECT_FALSE(acpi::find_s5({}).ok());
}

TEST(SleepTest, a_hostile_block_is_survived) {
  std::mt19937 random{7};
  const std::string pieces[] = {"_S5_", "\x08"s, "\x12"s, "\\", "\x0a"s, "\x0b"s, "\xff"s, "S5"};
  for (int i = 0; i < 5'000; ++i) {
    std::string code;
    while (code.size() < random() % 60)
      code +=
          random() % 3 != 0 ? pieces[random() % 8] : std::string(1, static_cast<char>(random()));
    static_cast<void>(acpi::find_s5(block(code)));
  }
}

}  // namespace
