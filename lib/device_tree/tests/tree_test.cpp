// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tree_fixture.hpp"

namespace atl::device_tree {
namespace {

TEST_F(TreeTest, smallest_tree) {
  builder.begin("").end();
  const Tree made = tree();
  EXPECT_EQ(made.node_count(), 1);
  EXPECT_TRUE(made.root().is_root());
  EXPECT_EQ(made.root().name(), "");
  EXPECT_FALSE(made.reservation(0).has_value());
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
  EXPECT_EQ(root.property("two").u64().value(), 0x0102030405060708u);
  EXPECT_EQ(root.property("two").cell(1).value(), 0x05060708u);
  EXPECT_EQ(root.property("two").cell(2).error(), Errc::kOutOfRange);
  EXPECT_EQ(root.u32("two").error(), Errc::kBadMessage);
  EXPECT_EQ(root.property("one").u64().error(), Errc::kBadMessage);
  EXPECT_EQ(root.u32("three").error(), Errc::kNoEntry);
  EXPECT_EQ(root.string("model").value(), "first");
  const Property list = root.property("list");
  EXPECT_EQ(list.string(0).value(), "first");
  EXPECT_EQ(list.string(1).value(), "second");
  EXPECT_EQ(list.string(2).value(), "");
  EXPECT_EQ(list.string(3).value(), "last");
  EXPECT_EQ(list.string(4).error(), Errc::kNoEntry);
  EXPECT_TRUE(root.property("empty").value.empty());
  EXPECT_EQ(root.string("empty").error(), Errc::kNoEntry);
  EXPECT_EQ(root.string("unterminated").error(), Errc::kBadMessage);
  EXPECT_FALSE(root.property("emp"));
  EXPECT_FALSE(root.property("emptyish"));
}

TEST_F(TreeTest, paths_and_aliases) {
  builder.begin("")
      .begin("soc")
      .begin("uart@1000")
      .end()
      .begin("uart@2000")
      .end()
      .end()
      .begin("aliases")
      .text("serial0", "/soc/uart@2000")
      .text("loop", "loop")
      .text("bus", "/soc")
      .end()
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
      .begin("a")
      .text("compatible", std::string_view{"x,new\0x,old", 11})
      .end()
      .begin("b")
      .text("compatible", "x,old")
      .text("status", "disabled")
      .end()
      .begin("c")
      .text("status", "okay")
      .end()
      .begin("d")
      .flag("status")
      .bytes("compatible", "x,old")
      .end()
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
      .begin("a")
      .cells("phandle", {7})
      .end()
      .begin("b")
      .cells("phandle", {7})
      .end()
      .begin("c")
      .cells("phandle", {8, 8})
      .end()
      .begin("d")
      .cells("phandle", {0xffffffff})
      .end()
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

}  // namespace
}  // namespace atl::device_tree
