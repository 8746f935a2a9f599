// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <optional>

#include "../../device_tree/tests/blob_builder.hpp"
#include "../src/interrupt_map.hpp"
#include "../src/message_map.hpp"
#include "../src/ranges.hpp"

namespace {

using namespace atl;
using device_tree::BlobBuilder;
using device_tree::Tree;

/// A host bridge below the root, beside two controllers of interrupts.
struct PciTreeTest : testing::Test {
  device_tree::Node node(const std::function<void(BlobBuilder&)>& properties,
                         std::uint32_t cells = 3) {
    builder_ = {};
    builder_.begin("").cells("#address-cells", {2}).cells("#size-cells", {2});
    builder_.begin("intc").cells("phandle", {7}).cells("#address-cells", {2});
    builder_.cells("#interrupt-cells", {3}).end();
    builder_.begin("other").cells("phandle", {8}).cells("#interrupt-cells", {1}).end();
    builder_.begin("odd").cells("phandle", {9}).cells("#interrupt-cells", {5}).end();
    builder_.begin("pcie").cells("#address-cells", {cells}).cells("#size-cells", {2});
    builder_.cells("#interrupt-cells", {1});
    properties(builder_);
    builder_.end().end();
    auto made = Tree::create(builder_.finish(), records_);
    EXPECT_TRUE(made.ok());
    tree.emplace(made.value());
    return *tree->find("/pcie");
  }
  Result<pci::Windows> windows(std::initializer_list<std::uint32_t> ranges) {
    return pci::windows_of(node([&](BlobBuilder& out) { out.cells("ranges", ranges); }));
  }

  std::optional<Tree> tree;

 private:
  BlobBuilder builder_;
  std::array<device_tree::NodeRecord, 16> records_{};
};

TEST_F(PciTreeTest, windows_of_qemu_s_virt) {
  const auto found =
      windows({0x0100'0000, 0,    0,           0,    0x3eff'0000, 0,    0x1'0000,     //
               0x0200'0000, 0,    0x1000'0000, 0,    0x1000'0000, 0,    0x2eff'0000,  //
               0x0300'0000, 0x80, 0,           0x80, 0,           0x80, 0});
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found.value().low, (PhysRange{PhysAddr{0x1000'0000}, 0x2eff'0000}));
  EXPECT_EQ(found.value().high, (PhysRange{PhysAddr{0x80'0000'0000}, 0x80'0000'0000}));
}

TEST_F(PciTreeTest, windows_that_cannot_be_used_are_passed_over) {
  const auto found =
      windows({0x0200'0000, 0,   0x1000'0000, 0,   0x2000'0000, 0, 0x1000,     // moved
               0x0200'0000, 0,   0,           0,   0,           0, 0x1000,     // at 0
               0x0200'0000, 0,   0x3000'0000, 0,   0x3000'0000, 0, 0,          // empty
               0x0200'0000, 0,   0xffff'0000, 0,   0xffff'0000, 0, 0x2'0000,   // across
               0x0300'0000, ~0u, 0xffff'0000, ~0u, 0xffff'0000, 0, 0x10'0000,  // wraps
               0x4200'0000, 0,   0x4000'0000, 0,   0x4000'0000, 0, 0x1000});
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found.value().low, (PhysRange{PhysAddr{0x4000'0000}, 0x1000}));
  EXPECT_TRUE(found.value().high.empty());
}

TEST_F(PciTreeTest, ranges_that_do_not_fit_are_refused) {
  EXPECT_EQ(windows({0x0200'0000, 0, 0, 0, 0, 0}).error(), Errc::kBadMessage);
  const auto short_cells = node([](BlobBuilder&) {}, 2);
  EXPECT_EQ(pci::windows_of(short_cells).error(), Errc::kBadMessage);
  const auto none = pci::windows_of(node([](BlobBuilder&) {}));
  ASSERT_TRUE(none.ok());
  EXPECT_TRUE(none.value().low.empty());
}

struct InterruptMapTest : PciTreeTest {
  Result<device_tree::Interrupt> find(std::uint8_t device, std::uint8_t pin,
                                      std::initializer_list<std::uint32_t> map,
                                      std::initializer_list<std::uint32_t> mask = {0x1800, 0, 0,
                                                                                   7}) {
    const auto bridge = node([&](BlobBuilder& out) {
      out.cells("interrupt-map", map);
      if (mask.size() != 0) out.cells("interrupt-map-mask", mask);
    });
    return pci::mapped_interrupt(*tree, bridge, device, pin);
  }
};

TEST_F(InterruptMapTest, the_masked_unit_finds_its_entry) {
  const auto map = {0u,     0u, 0u, 1u, 7u, 0u,  0u, 0u, 3u, 4u,  //
                    0u,     0u, 0u, 2u, 8u, 40u,                  //
                    0x800u, 0u, 0u, 1u, 7u, 0u,  0u, 0u, 6u, 4u};
  const auto first = find(4, 1, map);  // 4 is 0 under the mask
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(first.value().count, 3u);
  EXPECT_EQ(first.value().cells[1], 3u);
  EXPECT_EQ(first.value().cells[2], 4u);
  EXPECT_EQ(first.value().controller.name(), "intc");
  const auto second = find(8, 2, map);
  ASSERT_TRUE(second.ok());
  EXPECT_EQ(second.value().count, 1u);
  EXPECT_EQ(second.value().cells[0], 40u);
  EXPECT_EQ(find(1, 1, map).value().cells[1], 6u);
  EXPECT_EQ(find(1, 2, map).error(), Errc::kNotSupported);
}

TEST_F(InterruptMapTest, without_a_mask_all_of_the_unit_counts) {
  const auto map = {0x800u, 0u, 0u, 1u, 8u, 5u};
  EXPECT_EQ(find(1, 1, map, {}).value().cells[0], 5u);
  EXPECT_EQ(find(5, 1, map, {}).error(), Errc::kNotSupported);
}

TEST_F(InterruptMapTest, maps_that_make_no_sense) {
  EXPECT_EQ(find(0, 1, {0, 0, 0, 1, 99, 0}).error(), Errc::kBadMessage);  // no such node
  EXPECT_EQ(find(0, 1, {0, 0, 0, 1, 9, 0, 0, 0, 0, 0}).error(), Errc::kBadMessage);
  EXPECT_EQ(find(0, 1, {0, 0, 0, 1, 7, 0, 0, 0, 3}).error(), Errc::kBadMessage);  // cut short
  EXPECT_EQ(find(0, 1, {0, 0, 0}).error(), Errc::kBadMessage);
  EXPECT_EQ(find(0, 1, {0, 0, 0, 1, 8, 5}, {0x1800, 0}).error(), Errc::kBadMessage);
  EXPECT_EQ(find(0, 1, {}).error(), Errc::kNotSupported);
  const auto bare = node([](BlobBuilder&) {});
  EXPECT_EQ(pci::mapped_interrupt(*tree, bare, 0, 1).error(), Errc::kNotSupported);
}

struct MessageMapTest : PciTreeTest {
  Result<irq::MessageSource> source(std::uint16_t requester,
                                    const std::function<void(BlobBuilder&)>& properties) {
    return pci::mapped_message(node(properties), requester);
  }
  Result<irq::MessageSource> source(std::uint16_t requester,
                                    std::initializer_list<std::uint32_t> map) {
    return source(requester, [&](BlobBuilder& out) { out.cells("msi-map", map); });
  }
};

TEST_F(MessageMapTest, a_requester_has_the_number_of_its_entry) {
  const auto of_virt = source(0x0118, {0, 7, 0, 0x1'0000});
  ASSERT_TRUE(of_virt.ok());
  EXPECT_EQ(of_virt.value().id, 0x118u);
  EXPECT_EQ(of_virt.value().controller, 7u);
  const auto second = source(0x0208, {0, 7, 0, 0x100, 0x200, 8, 0x9000, 0x100});
  ASSERT_TRUE(second.ok());
  EXPECT_EQ(second.value().id, 0x9008u);
  EXPECT_EQ(second.value().controller, 8u);
}

TEST_F(MessageMapTest, the_ends_of_an_entry) {
  EXPECT_EQ(source(0xff, {0x100, 7, 0, 0x10}).error(), Errc::kNotSupported);
  EXPECT_EQ(source(0x100, {0x100, 7, 0, 0x10}).value().id, 0u);
  EXPECT_EQ(source(0x10f, {0x100, 7, 0, 0x10}).value().id, 15u);
  EXPECT_EQ(source(0x110, {0x100, 7, 0, 0x10}).error(), Errc::kNotSupported);
}

TEST_F(MessageMapTest, what_is_masked_does_not_count) {
  const auto found = source(0x11f, [](BlobBuilder& out) {
    out.cells("msi-map-mask", {0xfff8}).cells("msi-map", {0, 7, 0x40, 0x1'0000});
  });
  EXPECT_EQ(found.value().id, 0x40u + 0x118);
}

TEST_F(MessageMapTest, a_parent_takes_requesters_as_they_are) {
  const auto found = source(0x118, [](BlobBuilder& out) { out.cells("msi-parent", {8}); });
  EXPECT_EQ(found.value().id, 0x118u);
  EXPECT_EQ(found.value().controller, 8u);
}

TEST_F(MessageMapTest, nobody_to_send_to_and_maps_that_make_no_sense) {
  EXPECT_EQ(source(0x118, [](BlobBuilder&) {}).error(), Errc::kNotSupported);
  EXPECT_EQ(source(0x118, {0, 7, 0}).error(), Errc::kBadMessage);
  EXPECT_EQ(source(0x118, [](BlobBuilder& out) { out.cells("msi-parent", {}); }).error(),
            Errc::kBadMessage);
}

}  // namespace
