// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>
#include <atoll/device_tree_boot.hpp>
#include <atoll/device_tree_node.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <vector>

#include "blob_builder.hpp"

namespace atl::device_tree {
namespace {

class BootScanTest : public testing::Test {
 protected:
  static constexpr PhysAddr kBlobAt{0x48000000};

  BlobBuilder builder;
  std::unique_ptr<BootInfo> owned = std::make_unique<BootInfo>();
  BootInfo& info = *owned;
  std::span<std::byte> blob;

  Result<BootScan> scan() {
    blob = builder.finish(256);
    return scan_boot(blob.data(), kBlobAt, info);
  }
  BlobBuilder& root() {
    return builder.begin("").cells("#address-cells", {2}).cells("#size-cells", {2});
  }
  BlobBuilder& memory(std::uint32_t start, std::uint32_t size) {
    return builder.begin("memory@0")
        .text("device_type", "memory")
        .cells("reg", {0, start, 0, size})
        .end();
  }
  std::uint64_t bytes(MemoryKind kind) const {
    std::uint64_t sum = 0;
    for (const MemoryRegion& region : info.memory()) {
      if (region.kind == kind) sum += region.range.size;
    }
    return sum;
  }
  MemoryKind kind_at(std::uint64_t address) const {
    for (const MemoryRegion& region : info.memory()) {
      if (region.range.contains(PhysAddr{address})) return region.kind;
    }
    ADD_FAILURE() << "nothing at " << address;
    return MemoryKind::kReserved;
  }
};

TEST_F(BootScanTest, memory_and_the_blob_itself) {
  root();
  memory(0x40000000, 0x10000000).end();
  ASSERT_TRUE(scan().ok());
  EXPECT_EQ(info.device_tree, (PhysRange{kBlobAt, blob.size() - 256}));
  EXPECT_EQ(kind_at(kBlobAt.value()), MemoryKind::kKept);
  EXPECT_EQ(kind_at(kBlobAt.value() + blob.size()), MemoryKind::kUsable) << "padding is free";
  EXPECT_EQ(bytes(MemoryKind::kUsable) + bytes(MemoryKind::kKept), 0x10000000u);
}

TEST_F(BootScanTest, a_tree_without_memory_is_an_error) {
  root().begin("memory@0").text("device_type", "memory").end();
  builder.begin("nested").flag("ranges");
  memory(0x1000, 0x1000).end().end();
  EXPECT_EQ(scan().error(), Errc::kNoData);
}

TEST_F(BootScanTest, memory_that_firmware_turned_off_is_not_used) {
  root();
  memory(0x40000000, 0x10000000);
  builder.begin("memory@1")
      .text("device_type", "memory")
      .text("status", "disabled")
      .cells("reg", {0, 0x80000000, 0, 0x1000})
      .end()
      .end();
  ASSERT_TRUE(scan().ok());
  EXPECT_EQ(bytes(MemoryKind::kUsable) + bytes(MemoryKind::kKept), 0x10000000u);
}

TEST_F(BootScanTest, reservations_of_both_kinds_wherever_they_stand) {
  builder.reserve(0x40001000, 0x1000);
  root()
      .begin("reserved-memory")
      .cells("#address-cells", {2})
      .cells("#size-cells", {2})
      .flag("ranges")
      .begin("a")
      .cells("reg", {0, 0x40010000, 0, 0x1000})
      .end()
      .begin("b")
      .cells("reg", {0, 0x40020000, 0, 0x1000})
      .flag("no-map")
      .end()
      .begin("c")
      .cells("size", {0, 0x1000})
      .end()
      .begin("d")
      .cells("reg", {0, 0x40030000, 0, 0x1000})
      .text("status", "disabled")
      .end()
      .end();
  memory(0x40000000, 0x10000000).end();
  ASSERT_TRUE(scan().ok());
  EXPECT_EQ(kind_at(0x40001000), MemoryKind::kKept);
  EXPECT_EQ(kind_at(0x40002000), MemoryKind::kUsable);
  EXPECT_EQ(kind_at(0x40010fff), MemoryKind::kKept);
  EXPECT_EQ(kind_at(0x40020000), MemoryKind::kReserved);
  EXPECT_EQ(kind_at(0x40030000), MemoryKind::kUsable);
}

TEST_F(BootScanTest, chosen) {
  root();
  memory(0x40000000, 0x10000000);
  builder.begin("uart@9000000")
      .text("compatible", "arm,pl011")
      .cells("reg", {0, 0x9000000, 0, 0x1000})
      .end()
      .begin("chosen")
      .text("bootargs", "log.level=debug")
      .text("stdout-path", "/uart:115200n8")
      .cells("linux,initrd-start", {0x44000000})
      .cells("linux,initrd-end", {0, 0x44001000})
      .cells("rng-seed", {1, 2, 3, 4})
      .cells("kaslr-seed", {5, 6})
      .end()
      .end();
  const auto result = scan();
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(info.command_line(), "log.level=debug");
  EXPECT_EQ(info.initial_ram_disk, (PhysRange{PhysAddr{0x44000000}, 0x1000}));
  EXPECT_EQ(kind_at(0x44000000), MemoryKind::kKept);
  EXPECT_EQ(info.random_seed().size(), 16u);
  EXPECT_EQ(info.random_seed()[15], std::byte{4});
  EXPECT_EQ(result.value().layout_seed, 0x500000006u);
  EXPECT_EQ(result.value().console, (PhysRange{PhysAddr{0x9000000}, 0x1000}));
  EXPECT_TRUE(result.value().console_is_pl011);

  std::array<NodeRecord, 8> records;
  const auto tree = Tree::create(blob, records);
  ASSERT_TRUE(tree.ok());
  for (const char* seed : {"rng-seed", "kaslr-seed"}) {
    const auto property = tree.value().find("/chosen")->property(seed);
    for (const std::byte left : property.value) {
      EXPECT_EQ(left, std::byte{0}) << seed << " is left in memory";
    }
  }
}

TEST_F(BootScanTest, nonsense_in_chosen_is_left_out) {
  root();
  memory(0x40000000, 0x10000000);
  builder.begin("chosen")
      .flag("bootargs")
      .text("stdout-path", "/nowhere")
      .cells("linux,initrd-start", {0x44000000, 0, 0})
      .cells("linux,initrd-end", {5})
      .cells("kaslr-seed", {5})
      .flag("rng-seed")
      .end()
      .end();
  const auto result = scan();
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(info.command_line(), "");
  EXPECT_TRUE(info.initial_ram_disk.empty());
  EXPECT_TRUE(info.random_seed().empty());
  EXPECT_EQ(result.value().layout_seed, 0u);
  EXPECT_TRUE(result.value().console.empty());
}

TEST_F(BootScanTest, ram_disk_that_ends_before_it_starts_is_none) {
  root();
  memory(0x40000000, 0x10000000);
  builder.begin("chosen")
      .cells("linux,initrd-start", {0x44000000})
      .cells("linux,initrd-end", {0x43000000})
      .end()
      .end();
  ASSERT_TRUE(scan().ok());
  EXPECT_TRUE(info.initial_ram_disk.empty());
}

TEST_F(BootScanTest, no_blob) {
  EXPECT_EQ(scan_boot(nullptr, PhysAddr{0}, info).error(), Errc::kInvalidArgument);
}

TEST_F(BootScanTest, a_block_beyond_the_bound_is_refused) {
  root();
  memory(0x40000000, 0x10000000).end();
  blob = builder.finish();
  poke(blob, 4, 0x7fffffff);
  poke(blob, 8, kMaxBlobSize);
  EXPECT_EQ(scan_boot(blob.data(), kBlobAt, info).error(), Errc::kBadMessage);
}

/// The trees that QEMU 7.2 writes for its virt machine, without their padding.
TEST_F(BootScanTest, trees_of_qemu_virt) {
  for (const char* name : {"qemu_virt_gicv2.dtb", "qemu_virt_gicv3.dtb"}) {
    const auto path = std::filesystem::path{__FILE__}.parent_path() / "data" / name;
    std::ifstream file{path, std::ios::binary};
    ASSERT_TRUE(file) << path;
    const std::vector<char> raw{std::istreambuf_iterator<char>{file}, {}};
    auto copy = std::make_unique<std::byte[]>(raw.size());
    std::memcpy(copy.get(), raw.data(), raw.size());
    info = BootInfo{};
    const auto result = scan_boot(copy.get(), kBlobAt, info);
    ASSERT_TRUE(result.ok()) << name;
    EXPECT_EQ(bytes(MemoryKind::kUsable) + bytes(MemoryKind::kKept), 128u << 20);
    EXPECT_EQ(info.command_line(), "log.level=debug -- a b");
    EXPECT_EQ(info.initial_ram_disk, (PhysRange{PhysAddr{0x44000000}, 5000}));
    EXPECT_EQ(info.random_seed().size(), 32u);
    EXPECT_EQ(result.value().console, (PhysRange{PhysAddr{0x9000000}, 0x1000}));
    EXPECT_TRUE(result.value().console_is_pl011);
    EXPECT_NE(result.value().layout_seed, 0u);
  }
}

}  // namespace
}  // namespace atl::device_tree
