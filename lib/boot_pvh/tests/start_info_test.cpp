// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/boot_pvh/start_info.hpp>

#include <gtest/gtest.h>
#include <cstring>
#include <random>
#include <string>
#include <vector>

namespace atl::boot_pvh {
namespace {

constexpr std::uint64_t kInfoAt = 0x1000;
constexpr std::uint64_t kMapAt = 0x2000;
constexpr std::uint64_t kTextAt = 0x3000;
constexpr std::uint64_t kModulesAt = 0x3800;
constexpr std::uint64_t kEnd = 0x4000;

/// What a loader leaves in the first 16 KiB of memory.
class StartInfoTest : public testing::Test {
 protected:
  StartInfoTest() : memory_(kEnd) {
    put32(kInfoAt + 0, 0x336ec578);
    put32(kInfoAt + 4, 1);
    put64(kInfoAt + 32, 0xf59e0);
    put64(kInfoAt + 40, kMapAt);
    add_memory(0, 0x9fc00, 1);
    add_memory(0x9fc00, 0x400, 2);
    add_memory(0x100000, 0x7ee0000, 1);
    add_memory(0x7fe0000, 0x20000, 3);
    add_memory(0, 0, 0);  // as QEMU's microvm ends its map
  }

  void put32(std::uint64_t at, std::uint32_t value) { std::memcpy(&memory_[at], &value, 4); }
  void put64(std::uint64_t at, std::uint64_t value) { std::memcpy(&memory_[at], &value, 8); }
  void put_text(std::uint64_t at, const std::string& text) {
    std::memcpy(&memory_[at], text.data(), text.size());
  }
  void add_memory(std::uint64_t start, std::uint64_t size, std::uint32_t type) {
    const std::uint64_t at = kMapAt + 24 * entries_++;
    put64(at, start);
    put64(at + 8, size);
    put32(at + 16, type);
    put32(kInfoAt + 48, entries_);
  }
  void add_module(std::uint64_t start, std::uint64_t size) {
    put32(kInfoAt + 12, 1);
    put64(kInfoAt + 16, kModulesAt);
    put64(kModulesAt, start);
    put64(kModulesAt + 8, size);
  }

  const char* read(std::uint64_t at = kInfoAt) {
    info_ = {};
    // The buffer ends where the window does, so that ASan sees what reads on.
    return read_start_info(
        PhysAddr{at},
        {.offset = reinterpret_cast<std::uintptr_t>(memory_.data()), .limit = memory_.size()},
        info_);
  }
  MemoryKind kind_at(std::uint64_t address) {
    for (const MemoryRegion& region : info_.memory()) {
      if (region.range.contains(PhysAddr{address})) return region.kind;
    }
    return MemoryKind::kReserved;
  }

  std::vector<char> memory_;
  std::uint32_t entries_ = 0;
  BootInfo info_;
};

TEST_F(StartInfoTest, ReadsTheMap) {
  ASSERT_EQ(read(), nullptr);
  EXPECT_EQ(kind_at(0x5000), MemoryKind::kUsable);
  EXPECT_EQ(kind_at(0x9fc00), MemoryKind::kReserved);
  EXPECT_EQ(kind_at(0x100000), MemoryKind::kUsable);
  EXPECT_EQ(kind_at(0x7fdffff), MemoryKind::kUsable);
  EXPECT_EQ(kind_at(0x7fe0000), MemoryKind::kAcpi);
  EXPECT_EQ(info_.acpi_rsdp, PhysAddr{0xf59e0});
  EXPECT_TRUE(info_.command_line().empty());
  EXPECT_TRUE(info_.initial_ram_disk.empty());
}

TEST_F(StartInfoTest, CopiesTheCommandLine) {
  put64(kInfoAt + 24, kTextAt);
  put_text(kTextAt, "a=b -- c");
  ASSERT_EQ(read(), nullptr);
  EXPECT_EQ(info_.command_line(), "a=b -- c");
  std::memset(&memory_[kTextAt], 'x', 8);
  EXPECT_EQ(info_.command_line(), "a=b -- c");
}

TEST_F(StartInfoTest, CommandLineWithoutAnEndStopsAtTheWindow) {
  put64(kInfoAt + 24, kEnd - 3);
  put_text(kEnd - 3, "abc");
  ASSERT_EQ(read(), nullptr);
  EXPECT_EQ(info_.command_line(), "abc");
}

TEST_F(StartInfoTest, CommandLineOutOfReachIsAnError) {
  put64(kInfoAt + 24, kEnd);
  EXPECT_NE(read(), nullptr);
  put64(kInfoAt + 24, ~0ULL);
  EXPECT_NE(read(), nullptr);
}

TEST_F(StartInfoTest, KeepsTheRamDisk) {
  add_module(0x200000, 0x1234);
  ASSERT_EQ(read(), nullptr);
  EXPECT_EQ(info_.initial_ram_disk, (PhysRange{PhysAddr{0x200000}, 0x1234}));
  EXPECT_EQ(kind_at(0x200000), MemoryKind::kKept);
  EXPECT_EQ(kind_at(0x201233), MemoryKind::kKept);
  EXPECT_EQ(kind_at(0x201234), MemoryKind::kUsable);
}

TEST_F(StartInfoTest, RejectsModulesThatAreNone) {
  add_module(~0ULL - 10, 100);
  EXPECT_NE(read(), nullptr);
  add_module(0x1000, ~0ULL);
  EXPECT_NE(read(), nullptr);
  add_module(0x1000, 0x1000);
  put64(kInfoAt + 16, kEnd - 16);
  EXPECT_NE(read(), nullptr);
  put64(kInfoAt + 16, 0);
  EXPECT_NE(read(), nullptr);
}

TEST_F(StartInfoTest, RejectsWhatIsNoStartInfo) {
  EXPECT_NE(read(0), nullptr);
  EXPECT_NE(read(kEnd), nullptr);
  EXPECT_NE(read(kEnd - 8), nullptr);
  EXPECT_NE(read(~0ULL), nullptr);
  EXPECT_NE(read(0x3000), nullptr);  // zeros
  put32(kInfoAt + 4, 0);
  EXPECT_NE(read(), nullptr);
}

TEST_F(StartInfoTest, AcceptsLaterVersions) {
  put32(kInfoAt + 4, 2);
  EXPECT_EQ(read(), nullptr);
}

TEST_F(StartInfoTest, RejectsMapsOutOfReach) {
  put32(kInfoAt + 48, 0);
  EXPECT_NE(read(), nullptr);
  put32(kInfoAt + 48, 0xffffffff);
  EXPECT_NE(read(), nullptr);
  put32(kInfoAt + 48, 1000);
  EXPECT_NE(read(), nullptr);
  put32(kInfoAt + 48, 5);
  put64(kInfoAt + 40, ~0ULL - 24);
  EXPECT_NE(read(), nullptr);
  put64(kInfoAt + 40, 0);
  EXPECT_NE(read(), nullptr);
}

TEST_F(StartInfoTest, IgnoresAnImpossibleRsdp) {
  put64(kInfoAt + 32, ~0ULL);
  ASSERT_EQ(read(), nullptr);
  EXPECT_EQ(info_.acpi_rsdp, PhysAddr{});
}

/// Whatever bytes a loader leaves, reading ends and stays inside the window.
TEST_F(StartInfoTest, SurvivesCorruption) {
  std::mt19937_64 random{7};
  put64(kInfoAt + 24, kTextAt);
  add_module(0x200000, 0x1234);
  const std::vector<char> good = memory_;
  for (int round = 0; round < 20000; ++round) {
    memory_ = good;
    for (auto count = random() % 8 + 1; count != 0; --count) {
      const std::uint64_t at =
          random() % 2 == 0 ? kInfoAt + 4 + random() % 52 : kMapAt + random() % 120;
      memory_[at] = static_cast<char>(random() % 4 == 0 ? 0xff : random());
    }
    static_cast<void>(read());
    for (const MemoryRegion& region : info_.memory()) {
      ASSERT_LE(region.range.end().value(), 1ULL << 52);
      ASSERT_FALSE(region.range.empty());
    }
  }
}

}  // namespace
}  // namespace atl::boot_pvh
