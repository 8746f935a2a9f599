// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>
#include <atoll/boot_info.hpp>
#include <atoll/device_tree_boot.hpp>
#include <atoll/direct_map.hpp>

#include <array>
#include <map>
#include <string>
#include <vector>

#include "../src/boot_index.hpp"
#include "../src/bus.hpp"
#include "blob_builder.hpp"

namespace atl {

Result<void> device_tree_init();

namespace device_tree {
namespace {

/// What the probes below were called with, and how they answer.
std::vector<std::string> calls;
std::map<std::string, std::vector<Errc>> answers;

Result<void> probe(const std::string& driver, const Node& node) {
  const std::string name{node.name()};
  calls.push_back(driver + ":" + name);
  auto& left = answers[name];
  if (left.empty()) return {};
  const Errc next = left.front();
  left.erase(left.begin());
  if (next == Errc{}) return {};
  return fail(next);
}

Result<void> probe_plain(const Node& node) { return probe("plain", node); }
Result<void> probe_special(const Node& node) { return probe("special", node); }

constexpr std::array<Driver, 2> kTable{{{"a,plain", probe_plain}, {"a,special", probe_special}}};

class BusTest : public testing::Test {
 protected:
  BusTest() {
    calls.clear();
    answers.clear();
  }
  void run(std::span<const Driver> table = kTable) {
    std::array<NodeRecord, 32> records{};
    std::array<std::uint8_t, 32> pending{};
    auto tree = Tree::create(builder.finish(), records);
    ASSERT_TRUE(tree.ok());
    probe_all(tree.value(), table, pending);
  }
  BlobBuilder& device(std::string_view name, std::string_view compatible) {
    return builder.begin(name).text("compatible", compatible);
  }
  BlobBuilder builder;
};

using Calls = std::vector<std::string>;

TEST_F(BusTest, each_device_gets_the_driver_of_its_most_specific_name) {
  builder.begin("");
  device("a", "a,plain").end();
  device("b", std::string_view{"a,special\0a,plain", 17}).end();
  device("c", std::string_view{"a,plain\0a,special", 17}).end();
  device("d", std::string_view{"a,unknown\0a,special", 19}).end();
  device("e", "a,plain2").end();
  device("f", "a,plai").end();
  builder.begin("g").bytes("compatible", "a,plain").end().begin("h").flag("compatible").end().end();
  run();
  EXPECT_EQ(calls, (Calls{"plain:a", "special:b", "plain:c", "special:d"}));
}

TEST_F(BusTest, disabled_devices_are_left_alone) {
  builder.begin("");
  device("a", "a,plain").text("status", "disabled").end();
  device("b", "a,plain").text("status", "okay").end();
  builder.end();
  run();
  EXPECT_EQ(calls, (Calls{"plain:b"}));
}

TEST_F(BusTest, controllers_come_before_what_interrupts_through_them) {
  builder.begin("").cells("interrupt-parent", {1});
  device("uart", "a,plain").cells("interrupts", {1}).end();
  device("keys", "a,plain").cells("interrupts-extended", {2, 3}).end();
  device("gpio", "a,special")
      .cells("interrupts", {7})
      .cells("phandle", {2})
      .cells("#interrupt-cells", {1})
      .end();
  device("gic", "a,special")
      .cells("phandle", {1})
      .cells("#interrupt-cells", {1})
      .cells("interrupts", {9})
      .end();
  builder.end();
  run();
  EXPECT_EQ(calls, (Calls{"special:gic", "special:gpio", "plain:uart", "plain:keys"}));
}

TEST_F(BusTest, a_probe_that_must_wait_is_called_again) {
  builder.begin("");
  device("a", "a,plain").end();
  device("b", "a,plain").end();
  builder.end();
  answers["a"] = {Errc::kTryAgain};
  run();
  EXPECT_EQ(calls, (Calls{"plain:a", "plain:b", "plain:a"}));
}

TEST_F(BusTest, waiting_for_what_never_comes_ends) {
  builder.begin("");
  device("a", "a,plain").end();
  builder.end();
  answers["a"] = std::vector<Errc>(100, Errc::kTryAgain);
  run();
  EXPECT_EQ(calls.size(), 1u);
}

TEST_F(BusTest, controllers_that_wait_for_each_other_end) {
  builder.begin("");
  device("a", "a,plain")
      .cells("phandle", {1})
      .cells("#interrupt-cells", {1})
      .cells("interrupt-parent", {2})
      .cells("interrupts", {1})
      .end();
  device("b", "a,plain")
      .cells("phandle", {2})
      .cells("#interrupt-cells", {1})
      .cells("interrupt-parent", {1})
      .cells("interrupts", {1})
      .end();
  builder.end();
  run();
  EXPECT_TRUE(calls.empty());
}

TEST_F(BusTest, a_failure_leaves_the_other_devices_alone) {
  builder.begin("");
  device("a", "a,plain").end();
  device("b", "a,plain").end();
  builder.end();
  answers["a"] = {Errc::kInputOutput};
  run();
  EXPECT_EQ(calls, (Calls{"plain:a", "plain:b"}));
}

TEST_F(BusTest, no_drivers) {
  builder.begin("");
  device("a", "a,plain").end();
  builder.end();
  run({});
  EXPECT_TRUE(calls.empty());
}

}  // namespace

std::span<const Driver> drivers() { return kTable; }

namespace {

TEST_F(BusTest, boot_step_probes_the_tree_that_the_entry_scanned) {
  boot_index.tree.reset();
  EXPECT_EQ(tree(), nullptr);
  EXPECT_TRUE(device_tree_init().ok()) << "a machine without a tree";
  builder.begin("").begin("memory").text("device_type", "memory").cells("reg", {0, 1, 1}).end();
  device("uart", "a,plain").end();
  builder.end();
  const auto blob = builder.finish();
  constexpr PhysAddr kBlobAt{0x48000000};
  ASSERT_TRUE(scan_boot(blob.data(), kBlobAt, boot_info_for_entry()).ok());
  direct_map_base = VirtAddr{VirtAddr::of(blob.data()).value() - kBlobAt.value()};
  ASSERT_TRUE(device_tree_init().ok());
  EXPECT_EQ(calls, (Calls{"plain:uart"}));
  ASSERT_NE(tree(), nullptr);
  EXPECT_TRUE(tree()->find("/uart").has_value());
}

}  // namespace
}  // namespace device_tree
}  // namespace atl
