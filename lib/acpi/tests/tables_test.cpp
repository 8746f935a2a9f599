// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>

#include <atoll/acpi_tables.hpp>
#include <random>

#include "../src/bytes.hpp"
#include "physical_memory.hpp"

namespace {

using namespace atl;
using namespace atl::acpi::test;
using Table = std::vector<std::byte>;

constexpr PhysAddr kPointer{0xf59e0};

struct TablesTest : testing::Test {
  void SetUp() override { PhysicalMemory::clear(); }
  void TearDown() override { PhysicalMemory::clear(); }

  Table& memory(std::uint64_t at) { return PhysicalMemory::pieces[at]; }
  Result<acpi::Bytes> find(acpi::Signature signature, std::size_t index = 0) {
    const acpi::Root root = TRY(acpi::find_root(PhysicalMemory::view, kPointer));
    return acpi::find_table(PhysicalMemory::view, root, signature, index);
  }
  /// An old root with three tables, the first and last of one kind.
  void fill() {
    memory(kPointer.value()) = make_pointer(0, 0x1000, 0);
    memory(0x1000) = make_root("RSDT", {0x2000, 0x3000, 0x4000});
    memory(0x2000) = make_table("SSDT", Table(10));
    memory(0x3000) = make_table("APIC", Table(77));
    memory(0x4000) = make_table("SSDT", Table(20));
  }
};

TEST_F(TablesTest, finds_by_signature_and_index) {
  fill();
  EXPECT_EQ(find(acpi::Signature{"APIC"}).value().size(), 36u + 77);
  EXPECT_EQ(find(acpi::Signature{"SSDT"}).value().size(), 36u + 10);
  EXPECT_EQ(find(acpi::Signature{"SSDT"}, 1).value().size(), 36u + 20);
  EXPECT_EQ(find(acpi::Signature{"SSDT"}, 2).error(), Errc::kNoEntry);
  EXPECT_EQ(find(acpi::Signature{"FACP"}).error(), Errc::kNoEntry);
}

TEST_F(TablesTest, prefers_the_wide_root) {
  memory(kPointer.value()) = make_pointer(2, 0x1000, 0x5000);
  memory(0x1000) = make_root("RSDT", {0x2000});
  memory(0x5000) = make_root("XSDT", {0x1'0000'3000});
  memory(0x2000) = make_table("APIC", Table(1));
  memory(0x1'0000'3000) = make_table("APIC", Table(2));
  EXPECT_EQ(find(acpi::Signature{"APIC"}).value().size(), 38u);
}

TEST_F(TablesTest, takes_the_narrow_root_where_the_wide_one_is_absent) {
  memory(kPointer.value()) = make_pointer(2, 0x1000, 0);
  memory(0x1000) = make_root("RSDT", {0x2000});
  memory(0x2000) = make_table("APIC");
  EXPECT_TRUE(find(acpi::Signature{"APIC"}).ok());
}

TEST_F(TablesTest, tables_at_odd_addresses) {
  memory(kPointer.value()) = make_pointer(2, 0, 0xeffba);
  memory(0xeffba) = make_root("XSDT", {0xefe5d});
  memory(0xefe5d) = make_table("FACP", Table(5));
  EXPECT_EQ(find(acpi::Signature{"FACP"}).value().size(), 41u);
}

TEST_F(TablesTest, a_machine_without_a_root_pointer_has_no_tables) {
  EXPECT_EQ(acpi::find_root(PhysicalMemory::view, PhysAddr{0}).error(), Errc::kNoEntry);
}

TEST_F(TablesTest, a_pointer_outside_memory_is_an_error) {
  EXPECT_EQ(find(acpi::Signature{"APIC"}).error(), Errc::kBadAddress);
}

TEST_F(TablesTest, every_flipped_byte_of_the_pointer_is_noticed) {
  fill();
  const Table whole = memory(kPointer.value());
  for (std::size_t i = 0; i < whole.size(); ++i) {
    memory(kPointer.value()) = whole;
    memory(kPointer.value())[i] ^= std::byte{0x10};
    EXPECT_EQ(find(acpi::Signature{"APIC"}).error(), Errc::kBadMessage) << i;
  }
}

TEST_F(TablesTest, every_flipped_byte_of_a_wide_pointer_is_noticed) {
  fill();
  const Table whole = make_pointer(2, 0x1000, 0x1000);
  memory(0x1000) = make_root("XSDT", {0x2000, 0x3000, 0x4000});
  for (std::size_t i = 0; i < whole.size(); ++i) {
    memory(kPointer.value()) = whole;
    memory(kPointer.value())[i] ^= std::byte{0x10};
    EXPECT_FALSE(find(acpi::Signature{"APIC"}).ok()) << i;
  }
}

TEST_F(TablesTest, every_flipped_byte_of_a_table_is_noticed) {
  fill();
  const Table whole = memory(0x3000);
  for (std::size_t i = 0; i < whole.size(); ++i) {
    memory(0x3000) = whole;
    memory(0x3000)[i] ^= std::byte{0x20};
    EXPECT_FALSE(find(acpi::Signature{"APIC"}).ok()) << i;
  }
}

TEST_F(TablesTest, impossible_sizes_are_refused) {
  for (const std::uint64_t size : {0ull, 1ull, 35ull, 1024 * 1024 + 1ull, 0xffff'ffffull}) {
    fill();
    put(memory(0x3000), 4, size, 4);
    EXPECT_EQ(find(acpi::Signature{"APIC"}).error(), Errc::kBadMessage) << size;
    fill();
    put(memory(0x1000), 4, size, 4);
    EXPECT_EQ(find(acpi::Signature{"APIC"}).error(), Errc::kBadMessage) << size;
  }
}

TEST_F(TablesTest, a_table_that_leaves_memory_is_refused) {
  fill();
  put(memory(0x3000), 4, 5000, 4);
  EXPECT_EQ(find(acpi::Signature{"APIC"}).error(), Errc::kBadAddress);
}

TEST_F(TablesTest, an_entry_that_leads_nowhere_does_not_hide_the_others) {
  fill();
  memory(0x1000) = make_root("RSDT", {0, 0xdead0000, 0x3000});
  EXPECT_TRUE(find(acpi::Signature{"APIC"}).ok());
}

TEST_F(TablesTest, a_broken_table_does_not_hide_another_kind) {
  fill();
  memory(0x2000)[20] ^= std::byte{1};
  EXPECT_TRUE(find(acpi::Signature{"APIC"}).ok());
  EXPECT_EQ(find(acpi::Signature{"SSDT"}).error(), Errc::kBadMessage);
}

TEST_F(TablesTest, a_root_with_half_an_entry_at_its_end) {
  fill();
  Table body(4 + 3);
  put(body, 0, 0x3000, 4);
  memory(0x1000) = make_table("RSDT", body);
  EXPECT_TRUE(find(acpi::Signature{"APIC"}).ok());
  EXPECT_EQ(find(acpi::Signature{"SSDT"}).error(), Errc::kNoEntry);
}

TEST_F(TablesTest, a_root_that_lists_itself_does_not_loop) {
  fill();
  memory(0x1000) = make_root("RSDT", {0x1000, 0x1000});
  EXPECT_EQ(find(acpi::Signature{"APIC"}).error(), Errc::kNoEntry);
  EXPECT_TRUE(find(acpi::Signature{"RSDT"}, 1).ok());
}

TEST(SumTest, adds_as_bytes_do) {
  std::mt19937 random{5};
  for (std::size_t size = 0; size < 3000; size = size < 40 ? size + 1 : size * 5 / 3) {
    std::vector<std::byte> bytes(size + 1);
    unsigned sum = 0;
    for (std::byte& byte : bytes) {
      byte = static_cast<std::byte>(random());
      sum += std::to_integer<unsigned>(byte);
    }
    EXPECT_EQ(acpi::sums_to_zero(bytes), sum % 256 == 0);
    fix_sum(bytes, size / 2, bytes.size());
    EXPECT_TRUE(acpi::sums_to_zero(bytes)) << size;
  }
}

TEST(SumTest, the_largest_sums_do_not_overflow) {
  const std::vector<std::byte> ones(acpi::kMaxTableSize, std::byte{0xff});
  EXPECT_TRUE(acpi::sums_to_zero(ones));
  EXPECT_FALSE(acpi::sums_to_zero(acpi::Bytes{ones}.first(ones.size() - 1)));
}

}  // namespace
