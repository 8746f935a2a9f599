// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>
#include <atoll/device_tree_node.hpp>

#include <array>

#include "blob_builder.hpp"

namespace atl::device_tree {
namespace {

class AddressTest : public testing::Test {
 protected:
  std::array<NodeRecord, 32> records{};
  BlobBuilder builder;
  std::optional<Tree> made;

  Node at(std::string_view path) {
    if (!made) {
      auto created = Tree::create(builder.finish(), records);
      EXPECT_TRUE(created.ok());
      made = created.value();
    }
    const auto node = made->find(path);
    EXPECT_TRUE(node.has_value()) << path;
    return *node;
  }
  static PhysRange range(std::uint64_t start, std::uint64_t size) {
    return {PhysAddr{start}, size};
  }
  BlobBuilder& bus(std::string_view name, std::uint32_t address_cells, std::uint32_t size_cells) {
    return builder.begin(name)
        .cells("#address-cells", {address_cells})
        .cells("#size-cells", {size_cells});
  }
};

TEST_F(AddressTest, reg_uses_the_cells_of_the_parent) {
  bus("", 2, 2).begin("a").cells("reg", {1, 2, 3, 4, 5, 6, 7, 8}).end().end();
  EXPECT_EQ(at("/a").reg(0).value(), range(0x100000002, 0x300000004));
  EXPECT_EQ(at("/a").reg(1).value(), range(0x500000006, 0x700000008));
  EXPECT_EQ(at("/a").reg(2).error(), Errc::kNoEntry);
  EXPECT_EQ(at("/").reg(0).error(), Errc::kNoEntry);
}

TEST_F(AddressTest, default_cells_are_two_and_one) {
  builder.begin("").begin("a").cells("reg", {0, 0x1000, 0x10}).end().end();
  EXPECT_EQ(at("/a").reg(0).value(), range(0x1000, 0x10));
}

TEST_F(AddressTest, malformed_reg_is_an_error) {
  bus("", 2, 2)
      .begin("odd")
      .cells("reg", {1, 2, 3})
      .end()
      .begin("wrap")
      .cells("reg", {0xffffffff, 0xffffffff, 0, 2})
      .end()
      .begin("none")
      .end()
      .begin("wide")
      .cells("#address-cells", {3})
      .begin("dev")
      .cells("reg", {0, 0, 0, 0})
      .end()
      .end()
      .begin("bad")
      .bytes("#address-cells", "xx")
      .begin("dev")
      .cells("reg", {0})
      .end()
      .end()
      .begin("zero")
      .cells("#address-cells", {0})
      .cells("#size-cells", {0})
      .begin("dev")
      .cells("reg", {0})
      .end()
      .end()
      .end();
  EXPECT_EQ(at("/odd").reg(0).error(), Errc::kBadMessage);
  EXPECT_EQ(at("/wrap").reg(0).error(), Errc::kBadMessage);
  EXPECT_EQ(at("/none").reg(0).error(), Errc::kNoEntry);
  EXPECT_EQ(at("/wide/dev").reg(0).error(), Errc::kNotSupported);
  EXPECT_EQ(at("/bad/dev").reg(0).error(), Errc::kBadMessage);
  EXPECT_EQ(at("/zero/dev").reg(0).error(), Errc::kNotSupported);
}

TEST_F(AddressTest, ranges_translate_through_every_bus) {
  bus("", 2, 2);
  bus("outer", 1, 1).cells("ranges", {0x1000, 1, 0, 0x1000, 0x8000, 2, 0, 0x1000});
  bus("inner", 1, 1)
      .cells("ranges", {0, 0x8100, 0x100})
      .begin("dev")
      .cells("reg", {0x10, 0x20})
      .end()
      .end()
      .end()
      .end();
  EXPECT_EQ(at("/outer/inner/dev").reg(0).value(), range(0x200000110, 0x20));
}

TEST_F(AddressTest, empty_ranges_change_nothing_and_absent_ones_end_the_way) {
  bus("", 2, 2);
  bus("same", 2, 2).flag("ranges").begin("dev").cells("reg", {0, 0x10, 0, 0x20}).end().end();
  bus("apart", 1, 0).begin("cpu").cells("reg", {1}).end().end().end();
  EXPECT_EQ(at("/same/dev").reg(0).value(), range(0x10, 0x20));
  EXPECT_EQ(at("/apart/cpu").reg(0).error(), Errc::kNotSupported);
}

TEST_F(AddressTest, what_ranges_do_not_hold_is_not_translated) {
  bus("", 1, 1);
  bus("bus", 1, 1)
      .cells("ranges", {0x1000, 0x9000, 0x1000})
      .begin("below")
      .cells("reg", {0xfff, 1})
      .end()
      .begin("above")
      .cells("reg", {0x2000, 1})
      .end()
      .begin("across")
      .cells("reg", {0x1ff0, 0x20})
      .end()
      .begin("fits")
      .cells("reg", {0x1ff0, 0x10})
      .end()
      .end();
  bus("odd", 1, 1).cells("ranges", {0x1000, 0x9000}).begin("dev").cells("reg", {0, 1}).end().end();
  builder.end();
  EXPECT_EQ(at("/bus/below").reg(0).error(), Errc::kNotSupported);
  EXPECT_EQ(at("/bus/above").reg(0).error(), Errc::kNotSupported);
  EXPECT_EQ(at("/bus/across").reg(0).error(), Errc::kNotSupported);
  EXPECT_EQ(at("/bus/fits").reg(0).value(), range(0x9ff0, 0x10));
  EXPECT_EQ(at("/odd/dev").reg(0).error(), Errc::kBadMessage);
}

TEST_F(AddressTest, translation_that_wraps_is_an_error) {
  bus("", 2, 2);
  bus("bus", 2, 2)
      .cells("ranges", {0, 0, 0xffffffff, 0xfffff000, 1, 0})
      .begin("dev")
      .cells("reg", {0, 0x1000, 0, 1})
      .end()
      .end()
      .end();
  EXPECT_EQ(at("/bus/dev").reg(0).error(), Errc::kBadMessage);
}

class InterruptTest : public AddressTest {
 protected:
  BlobBuilder& controller(std::string_view name, std::uint32_t phandle, std::uint32_t cells) {
    return builder.begin(name)
        .cells("phandle", {phandle})
        .cells("#interrupt-cells", {cells})
        .flag("interrupt-controller");
  }
};

TEST_F(InterruptTest, the_nearest_interrupt_parent_counts) {
  builder.begin("").cells("interrupt-parent", {1});
  controller("gic", 1, 3).end();
  controller("gpio", 2, 2).end();
  builder.begin("bus")
      .begin("far")
      .cells("interrupts", {0, 33, 4, 1, 13, 8})
      .end()
      .begin("near")
      .cells("interrupt-parent", {2})
      .cells("interrupts", {5, 1})
      .end()
      .end()
      .end();
  const auto far = at("/bus/far").interrupt(1);
  ASSERT_TRUE(far.ok());
  EXPECT_EQ(far.value().controller.name(), "gic");
  EXPECT_EQ(far.value().count, 3u);
  EXPECT_EQ(far.value().cells, (std::array<std::uint32_t, 4>{1, 13, 8, 0}));
  EXPECT_EQ(at("/bus/far").interrupt(2).error(), Errc::kNoEntry);
  const auto near = at("/bus/near").interrupt(0);
  ASSERT_TRUE(near.ok());
  EXPECT_EQ(near.value().controller.name(), "gpio");
  EXPECT_EQ(near.value().cells[0], 5u);
}

TEST_F(InterruptTest, extended_interrupts_name_each_controller) {
  builder.begin("").cells("interrupt-parent", {1});
  controller("gic", 1, 3).end();
  controller("gpio", 2, 1).end();
  builder.begin("dev")
      .cells("interrupts", {9, 9, 9})
      .cells("interrupts-extended", {2, 7, 1, 0, 1, 4})
      .end()
      .begin("short")
      .cells("interrupts-extended", {1, 0, 1})
      .end()
      .begin("nobody")
      .cells("interrupts-extended", {3, 0})
      .end()
      .end();
  EXPECT_EQ(at("/dev").interrupt(0).value().controller.name(), "gpio");
  EXPECT_EQ(at("/dev").interrupt(0).value().cells[0], 7u);
  EXPECT_EQ(at("/dev").interrupt(1).value().controller.name(), "gic");
  EXPECT_EQ(at("/dev").interrupt(1).value().cells[2], 4u);
  EXPECT_EQ(at("/dev").interrupt(2).error(), Errc::kNoEntry);
  EXPECT_EQ(at("/short").interrupt(0).error(), Errc::kBadMessage);
  EXPECT_EQ(at("/nobody").interrupt(0).error(), Errc::kBadMessage);
}

TEST_F(InterruptTest, hostile_parents_end) {
  builder.begin("")
      .cells("interrupt-parent", {1})
      .begin("a")
      .cells("phandle", {1})
      .cells("interrupt-parent", {2})
      .end()
      .begin("b")
      .cells("phandle", {2})
      .cells("interrupt-parent", {1})
      .cells("interrupts", {1})
      .end()
      .begin("gone")
      .cells("interrupt-parent", {77})
      .cells("interrupts", {1})
      .end()
      .begin("none")
      .end();
  controller("zero", 3, 0).begin("dev").cells("interrupts", {1}).end().end();
  controller("huge", 4, 0xffffffff).begin("dev").cells("interrupts", {1}).end().end();
  controller("five", 5, 5).begin("dev").cells("interrupts", {1, 2, 3, 4, 5}).end().end().end();
  EXPECT_EQ(at("/b").interrupt(0).error(), Errc::kBadMessage) << "a loop";
  EXPECT_EQ(at("/gone").interrupt(0).error(), Errc::kBadMessage);
  EXPECT_EQ(at("/none").interrupt(0).error(), Errc::kNoEntry);
  for (const char* path : {"/zero/dev", "/huge/dev", "/five/dev"}) {
    EXPECT_FALSE(at(path).interrupt(0).ok()) << path;
  }
}

}  // namespace
}  // namespace atl::device_tree
