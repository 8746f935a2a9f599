// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <vector>

#include "tree_fixture.hpp"

namespace atl::device_tree {
namespace {

using StructureTest = TreeTest;

constexpr std::size_t kHeader = 40 + 16;  // header and an empty reservation block

TEST_F(StructureTest, blob_that_is_not_aligned_is_refused) {
  small();
  const auto blob = builder.finish();
  std::vector<std::byte> moved(blob.size() + 4);
  std::copy(blob.begin(), blob.end(), moved.begin() + 4);
  EXPECT_EQ(error_of(std::span{moved}.subspan(4)), Errc::kInvalidArgument);
  EXPECT_EQ(error_of({}), Errc::kInvalidArgument);
}

TEST_F(StructureTest, every_truncation_is_refused) {
  small();
  const auto blob = builder.finish();
  for (std::size_t size = 0; size < blob.size(); ++size) {
    auto copy = std::make_unique<std::byte[]>(size + 1);
    std::copy_n(blob.begin(), size, copy.get());
    EXPECT_EQ(error_of({copy.get(), size}), Errc::kBadMessage) << size;
  }
}

TEST_F(StructureTest, header_lies_are_refused) {
  struct Lie {
    std::size_t offset;
    std::uint32_t value;
  };
  for (const Lie lie : {Lie{0, 0xedfe0dd0},
                        {4, 39},
                        {8, 41},
                        {8, 36},
                        {8, 0xfffffffc},
                        {12, 0xffffffff},
                        {12, 0},
                        {16, 44},
                        {16, 0xfffffff8},
                        {20, 16},
                        {24, 18},
                        {32, 0xffffffff},
                        {32, 3},
                        {36, 0xfffffffc},
                        {36, 2},
                        {36, 0}}) {
    BlobBuilder fresh;
    const auto blob = fresh.begin("").text("model", "m").end().finish();
    poke(blob, lie.offset, lie.value);
    EXPECT_EQ(error_of(blob), Errc::kBadMessage) << lie.offset << " = " << lie.value;
  }
}

TEST_F(StructureTest, a_newer_version_that_reads_as_17_is_accepted) {
  small();
  const auto blob = builder.finish();
  poke(blob, 20, 18);
  poke(blob, 24, 17);
  EXPECT_EQ(error_of(blob), Errc{});
}

TEST_F(StructureTest, broken_structures_are_refused) {
  const auto refused = [this](BlobBuilder& broken) {
    return error_of(broken.finish()) == Errc::kBadMessage;
  };
  EXPECT_TRUE(refused(BlobBuilder{}.nop())) << "no root";
  EXPECT_TRUE(refused(BlobBuilder{}.begin(""))) << "root never ends";
  EXPECT_TRUE(refused(BlobBuilder{}.end())) << "end without begin";
  EXPECT_TRUE(refused(BlobBuilder{}.begin("").end().begin("").end())) << "two roots";
  EXPECT_TRUE(refused(BlobBuilder{}.begin("").end().end())) << "one end too many";
  EXPECT_TRUE(refused(BlobBuilder{}.text("model", "m").begin("").end())) << "property of nothing";
  EXPECT_TRUE(refused(BlobBuilder{}.begin("").end().text("model", "m"))) << "property behind all";
  EXPECT_TRUE(refused(BlobBuilder{}.begin("").begin("a").end().text("model", "m").end()))
      << "property behind a child";
  EXPECT_TRUE(refused(BlobBuilder{}.begin("").token(5).end())) << "unknown token";
  EXPECT_TRUE(refused(BlobBuilder{}.begin("").token(0x80000000).end())) << "huge token";
}

TEST_F(StructureTest, property_that_reaches_out_of_the_block_is_refused) {
  for (const std::uint32_t size : {9u, 0x7fffffffu, 0xfffffff0u, 0xffffffffu}) {
    BlobBuilder fresh;
    const auto blob = fresh.begin("").cells("reg", {1}).end().finish();
    poke(blob, kHeader + 8 + 4, size);
    EXPECT_EQ(error_of(blob), Errc::kBadMessage) << size;
  }
  for (const std::uint32_t name : {4u, 0xffffffffu}) {
    BlobBuilder fresh;
    const auto blob = fresh.begin("").cells("reg", {1}).end().finish();
    poke(blob, kHeader + 8 + 8, name);
    EXPECT_EQ(error_of(blob), Errc::kBadMessage) << name;
  }
}

TEST_F(StructureTest, name_without_end_is_refused) {
  const auto blob = builder.begin("abcdefg").end().finish();
  // From the name to the end of the block no byte is zero any more.
  for (std::size_t at = kHeader + 4; at < blob.size(); ++at) blob[at] = std::byte{'x'};
  EXPECT_EQ(error_of(blob), Errc::kBadMessage);
}

TEST_F(StructureTest, reservations_without_end_are_refused) {
  const auto blob = builder.begin("").end().finish();
  for (std::size_t at = 40; at < 56; ++at) blob[at] = std::byte{1};
  poke(blob, 8, 40);  // reservations run over the structure block to the end
  EXPECT_EQ(error_of(blob), Errc::kBadMessage);
}

TEST_F(StructureTest, more_nodes_than_records) {
  builder.begin("");
  for (int i = 0; i < 64; ++i) builder.begin("n").end();
  builder.end();
  EXPECT_EQ(error_of(builder.finish()), Errc::kNoSpace);
}

TEST_F(StructureTest, depth_needs_no_stack) {
  std::vector<NodeRecord> many(60000);
  for (int i = 0; i < 50000; ++i) builder.begin("");
  for (int i = 0; i < 50000; ++i) builder.end();
  const auto made = Tree::create(builder.finish(), many);
  ASSERT_TRUE(made.ok());
  EXPECT_EQ(made.value().node_count(), 50000);
}

// QEMU gives a tree from -dtb twice its room, which may be more than we look at.
TEST_F(StructureTest, room_behind_the_blocks_may_be_any_size) {
  for (const std::uint32_t claimed : {0x00204e20U, 0xffffffffU}) {
    BlobBuilder fresh;
    const auto blob = fresh.begin("").text("model", "m").end().finish();
    poke(blob, 4, claimed);
    EXPECT_EQ(error_of(blob), Errc{}) << claimed;
  }
}

TEST_F(StructureTest, padding_is_never_read) {
  small();
  const auto blob = builder.finish(4096);
  auto copy = std::make_unique<std::byte[]>(blob.size() - 4096);
  std::copy_n(blob.begin(), blob.size() - 4096, copy.get());
  // The sanitizer would see a read behind the copy.
  const auto made = create({copy.get(), blob.size()});
  ASSERT_TRUE(made.ok());
  EXPECT_EQ(made.value().used_size(), blob.size() - 4096);
}

/// Whatever is overwritten, reading what was accepted stays inside the blob.
TEST_F(StructureTest, random_damage_is_survived) {
  std::mt19937 random{42};
  std::size_t accepted = 0;
  for (int round = 0; round < 4000; ++round) {
    BlobBuilder fresh;
    fresh.begin("")
        .cells("#address-cells", {1})
        .cells("#size-cells", {1})
        .cells("interrupt-parent", {1})
        .begin("intc@1")
        .cells("phandle", {1})
        .cells("#interrupt-cells", {2})
        .cells("reg", {1, 2})
        .end()
        .begin("bus")
        .cells("ranges", {0, 0x1000, 0x1000})
        .cells("#address-cells", {1})
        .begin("dev@10")
        .cells("reg", {0x10, 0x10})
        .cells("interrupts", {1, 2, 3, 4})
        .text("compatible", "a,b")
        .end()
        .end()
        .end();
    const auto blob = fresh.finish();
    for (unsigned damage = random() % 4; damage > 0; --damage) {
      blob[random() % blob.size()] =
          static_cast<std::byte>(random() % 3 == 0 ? random() : random() % 12);
    }
    const auto made = create(blob);
    if (!made.ok()) continue;
    ++accepted;
    const Tree& whole = made.value();
    for (std::uint16_t i = 0; i < whole.node_count(); ++i) {
      const Node node = whole.node(i);
      (void)node.name();
      for (std::size_t entry = 0; entry < 4; ++entry) {
        (void)node.reg(entry).ok();
        (void)node.interrupt(entry).ok();
      }
      (void)node.is_compatible("a,b");
    }
    (void)whole.find("/bus/dev");
  }
  EXPECT_GT(accepted, 200u);
}

}  // namespace
}  // namespace atl::device_tree
