// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/device_tree_node.hpp>
#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>
#include <vector>

#include "blob_builder.hpp"

namespace atl::device_tree {
namespace {

class TreeTest : public testing::Test {
 protected:
  std::array<NodeRecord, 64> records{};
  BlobBuilder builder;

  Result<Tree> create(std::span<const std::byte> blob) { return Tree::create(blob, records); }
  Errc error_of(std::span<const std::byte> blob) {
    const auto tree = create(blob);
    return tree.ok() ? Errc{} : tree.error();
  }
  Tree tree() {
    auto made = create(builder.finish());
    EXPECT_TRUE(made.ok());
    return made.value();
  }
  /// A root with one string property, complete but for the end token.
  BlobBuilder& small() { return builder.begin("").text("model", "m").begin("a").end().end(); }
};

constexpr std::size_t kHeader = 40 + 16;   // header and an empty reservation block

TEST_F(TreeTest, smallest_tree) {
  builder.begin("").end();
  const Tree made = tree();
  EXPECT_EQ(made.node_count(), 1);
  EXPECT_TRUE(made.root().is_root());
  EXPECT_EQ(made.root().name(), "");
  EXPECT_FALSE(made.reservation(0).has_value());
}

TEST_F(TreeTest, blob_that_is_not_aligned_is_refused) {
  small();
  const auto blob = builder.finish();
  std::vector<std::byte> moved(blob.size() + 4);
  std::copy(blob.begin(), blob.end(), moved.begin() + 4);
  EXPECT_EQ(error_of(std::span{moved}.subspan(4)), Errc::kInvalidArgument);
  EXPECT_EQ(error_of({}), Errc::kInvalidArgument);
}

TEST_F(TreeTest, every_truncation_is_refused) {
  small();
  const auto blob = builder.finish();
  for (std::size_t size = 0; size < blob.size(); ++size) {
    auto copy = std::make_unique<std::byte[]>(size + 1);
    std::copy_n(blob.begin(), size, copy.get());
    EXPECT_EQ(error_of({copy.get(), size}), Errc::kBadMessage) << size;
  }
}

TEST_F(TreeTest, header_lies_are_refused) {
  struct Lie {
    std::size_t offset;
    std::uint32_t value;
  };
  for (const Lie lie : {Lie{0, 0xedfe0dd0}, {4, 39}, {4, 0xffffffff}, {8, 41}, {8, 36},
                        {8, 0xfffffffc}, {12, 0xffffffff}, {12, 0}, {16, 44}, {16, 0xfffffff8},
                        {20, 16}, {24, 18}, {32, 0xffffffff}, {32, 3}, {36, 0xfffffffc}, {36, 2},
                        {36, 0}}) {
    BlobBuilder fresh;
    const auto blob = fresh.begin("").text("model", "m").end().finish();
    poke(blob, lie.offset, lie.value);
    EXPECT_EQ(error_of(blob), Errc::kBadMessage) << lie.offset << " = " << lie.value;
  }
}

TEST_F(TreeTest, a_newer_version_that_reads_as_17_is_accepted) {
  small();
  const auto blob = builder.finish();
  poke(blob, 20, 18);
  poke(blob, 24, 17);
  EXPECT_EQ(error_of(blob), Errc{});
}

TEST_F(TreeTest, broken_structures_are_refused) {
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

TEST_F(TreeTest, property_that_reaches_out_of_the_block_is_refused) {
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

TEST_F(TreeTest, name_without_end_is_refused) {
  const auto blob = builder.begin("abcdefg").end().finish();
  // From the name to the end of the block no byte is zero any more.
  for (std::size_t at = kHeader + 4; at < blob.size(); ++at) blob[at] = std::byte{'x'};
  EXPECT_EQ(error_of(blob), Errc::kBadMessage);
}

TEST_F(TreeTest, reservations_without_end_are_refused) {
  const auto blob = builder.begin("").end().finish();
  for (std::size_t at = 40; at < 56; ++at) blob[at] = std::byte{1};
  poke(blob, 8, 40);   // reservations run over the structure block to the end
  EXPECT_EQ(error_of(blob), Errc::kBadMessage);
}

TEST_F(TreeTest, more_nodes_than_records) {
  builder.begin("");
  for (int i = 0; i < 64; ++i) builder.begin("n").end();
  builder.end();
  EXPECT_EQ(error_of(builder.finish()), Errc::kNoSpace);
}

TEST_F(TreeTest, depth_needs_no_stack) {
  std::vector<NodeRecord> many(60000);
  for (int i = 0; i < 50000; ++i) builder.begin("");
  for (int i = 0; i < 50000; ++i) builder.end();
  const auto made = Tree::create(builder.finish(), many);
  ASSERT_TRUE(made.ok());
  EXPECT_EQ(made.value().node_count(), 50000);
}

TEST_F(TreeTest, padding_is_never_read) {
  small();
  const auto blob = builder.finish(4096);
  auto copy = std::make_unique<std::byte[]>(blob.size() - 4096);
  std::copy_n(blob.begin(), blob.size() - 4096, copy.get());
  // The sanitizer would see a read behind the copy.
  const auto made = create({copy.get(), blob.size()});
  ASSERT_TRUE(made.ok());
  EXPECT_EQ(made.value().used_size(), blob.size() - 4096);
}

TEST_F(TreeTest, nodes_know_parents_and_children) {
  builder.begin("").begin("a").begin("b").end().begin("c").end().end().nop().begin("d").end().end();
  const Tree made = tree();
  std::vector<std::string> names;
  for (const Node child : made.root().children()) names.emplace_back(child.name());
  EXPECT_EQ(names, (std::vector<std::string>{"a", "d"}));
  names.clear();
  for (const Node child : made.find("/a")->children()) names.emplace_back(child.name());
  EXPECT_EQ(names, (std::vector<std::string>{"b", "c"}));
  EXPECT_EQ(made.find("/a/c")->parent(), *made.find("/a"));
  EXPECT_EQ(made.root().parent(), made.root());
  for (const Node child : made.find("/d")->children()) FAIL() << child.name();
}

TEST_F(TreeTest, properties_by_name_and_type) {
  builder.begin("")
      .cells("one", {0x12345678})
      .nop()
      .cells("two", {0x01020304, 0x05060708})
      .text("model", "first")
      .text("list", std::string_view{"first\0second\0\0last", 18})
      .flag("empty")
      .bytes("unterminated", "abc")
      .end();
  const Tree made = tree();
  const Node root = made.root();
  EXPECT_EQ(root.u32("one").value(), 0x12345678u);
  EXPECT_EQ(root.property("two")->u64().value(), 0x0102030405060708u);
  EXPECT_EQ(root.property("two")->cell(1).value(), 0x05060708u);
  EXPECT_EQ(root.property("two")->cell(2).error(), Errc::kOutOfRange);
  EXPECT_EQ(root.u32("two").error(), Errc::kBadMessage);
  EXPECT_EQ(root.property("one")->u64().error(), Errc::kBadMessage);
  EXPECT_EQ(root.u32("three").error(), Errc::kNoEntry);
  EXPECT_EQ(root.string("model").value(), "first");
  const Property list = *root.property("list");
  EXPECT_EQ(list.name, "list");
  EXPECT_EQ(list.string(0).value(), "first");
  EXPECT_EQ(list.string(1).value(), "second");
  EXPECT_EQ(list.string(2).value(), "");
  EXPECT_EQ(list.string(3).value(), "last");
  EXPECT_EQ(list.string(4).error(), Errc::kNoEntry);
  EXPECT_TRUE(root.property("empty")->value.empty());
  EXPECT_EQ(root.string("empty").error(), Errc::kNoEntry);
  EXPECT_EQ(root.string("unterminated").error(), Errc::kBadMessage);
  EXPECT_FALSE(root.property("emp").has_value());
  EXPECT_FALSE(root.property("emptyish").has_value());
}

TEST_F(TreeTest, paths_and_aliases) {
  builder.begin("")
      .begin("soc").begin("uart@1000").end().begin("uart@2000").end().end()
      .begin("aliases").text("serial0", "/soc/uart@2000").text("loop", "loop")
      .text("bus", "/soc").end()
      .end();
  const Tree made = tree();
  EXPECT_EQ(made.find("/")->name(), "");
  EXPECT_EQ(made.find("/soc/uart@2000")->name(), "uart@2000");
  EXPECT_EQ(made.find("/soc/uart")->name(), "uart@1000");
  EXPECT_EQ(made.find("serial0")->name(), "uart@2000");
  EXPECT_EQ(made.find("bus/uart@2000")->name(), "uart@2000");
  for (const char* path : {"", "/soc/uar", "/soc/uart@", "/socket", "/soc//uart", "serial1", "loop",
                           "soc", "/soc/uart@1000/x"}) {
    EXPECT_FALSE(made.find(path).has_value()) << path;
  }
}

TEST_F(TreeTest, compatible_and_status) {
  builder.begin("")
      .begin("a").text("compatible", std::string_view{"x,new\0x,old", 11}).end()
      .begin("b").text("compatible", "x,old").text("status", "disabled").end()
      .begin("c").text("status", "okay").end()
      .begin("d").flag("status").bytes("compatible", "x,old").end()
      .end();
  const Tree made = tree();
  EXPECT_TRUE(made.find("/a")->is_compatible("x,new"));
  EXPECT_TRUE(made.find("/a")->is_compatible("x,old"));
  EXPECT_FALSE(made.find("/a")->is_compatible("x,ol"));
  EXPECT_FALSE(made.find("/c")->is_compatible("x,old"));
  EXPECT_FALSE(made.find("/d")->is_compatible("x,old")) << "the list does not end in a NUL";
  EXPECT_EQ(made.next_compatible("x,old")->name(), "a");
  EXPECT_EQ(made.next_compatible("x,old", 2)->name(), "b");
  EXPECT_FALSE(made.next_compatible("x,old", 3).has_value());
  EXPECT_TRUE(made.find("/a")->enabled());
  EXPECT_FALSE(made.find("/b")->enabled());
  EXPECT_TRUE(made.find("/c")->enabled());
  EXPECT_FALSE(made.find("/d")->enabled());
}

TEST_F(TreeTest, phandles) {
  builder.begin("")
      .begin("a").cells("phandle", {7}).end()
      .begin("b").cells("phandle", {7}).end()
      .begin("c").cells("phandle", {8, 8}).end()
      .begin("d").cells("phandle", {0xffffffff}).end()
      .end();
  const Tree made = tree();
  EXPECT_EQ(made.by_phandle(7)->name(), "a");
  EXPECT_FALSE(made.by_phandle(8).has_value());
  EXPECT_FALSE(made.by_phandle(0).has_value());
  EXPECT_FALSE(made.by_phandle(0xffffffff).has_value());
}

TEST_F(TreeTest, reservations) {
  small().reserve(0x100000000, 0x2000).reserve(0x1000, 0);
  const Tree made = tree();
  EXPECT_EQ(*made.reservation(0), (PhysRange{PhysAddr{0x100000000}, 0x2000}));
  EXPECT_EQ(*made.reservation(1), (PhysRange{PhysAddr{0x1000}, 0}));
  EXPECT_FALSE(made.reservation(2).has_value());
}

/// Whatever is overwritten, reading what was accepted stays inside the blob.
TEST_F(TreeTest, random_damage_is_survived) {
  std::mt19937 random{42};
  std::size_t accepted = 0;
  for (int round = 0; round < 20000; ++round) {
    BlobBuilder fresh;
    fresh.begin("").cells("#address-cells", {1}).cells("#size-cells", {1})
        .cells("interrupt-parent", {1})
        .begin("intc@1").cells("phandle", {1}).cells("#interrupt-cells", {2})
        .cells("reg", {1, 2}).end()
        .begin("bus").cells("ranges", {0, 0x1000, 0x1000}).cells("#address-cells", {1})
        .begin("dev@10").cells("reg", {0x10, 0x10}).cells("interrupts", {1, 2, 3, 4})
        .text("compatible", "a,b").end()
        .end().end();
    const auto blob = fresh.finish();
    for (unsigned damage = random() % 4; damage > 0; --damage) {
      blob[random() % blob.size()] = static_cast<std::byte>(random() % 3 == 0 ? random() : random() % 12);
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
  EXPECT_GT(accepted, 1000u);
}

}  // namespace
}  // namespace atl::device_tree
