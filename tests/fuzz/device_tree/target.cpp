// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// The input is a flattened device tree.
#include <atoll/device_tree_boot.hpp>
#include <atoll/device_tree_node.hpp>
#include <atoll/irq_device_tree.hpp>

#include <array>
#include <cstring>
#include <memory>
#include <new>

#include "../regions.hpp"

namespace {

using atl::device_tree::Node;
using atl::device_tree::NodeRecord;
using atl::device_tree::Tree;

constexpr std::size_t kEntries = 3;

std::uint32_t sum;

void read_all(const Tree& tree, const Node& node) {
  for (const char c : node.name()) sum += static_cast<unsigned char>(c);
  FUZZ_EXPECT(node.is_root() || node.parent().index() < node.index());
  for (const char* name : {"reg", "ranges", "interrupts", "status", "model", "nothing"}) {
    const auto property = node.property(name);
    if (!property) continue;
    for (const std::byte byte : property.value) sum += std::to_integer<unsigned>(byte);
    (void)property.u32().ok();
    (void)property.u64().ok();
    for (std::size_t i = 0; i < kEntries; ++i) {
      (void)property.cell(i).ok();
      if (const auto text = property.string(i); text.ok()) sum += text.value().size();
    }
  }
  for (std::size_t i = 0; i < kEntries; ++i) {
    if (const auto range = node.reg(i); range.ok()) {
      FUZZ_EXPECT(range.value().end() >= range.value().start);
    }
    if (const auto interrupt = node.interrupt(i); interrupt.ok()) {
      FUZZ_EXPECT(interrupt.value().controller.index() < tree.node_count());
      FUZZ_EXPECT(interrupt.value().count >= 1 && interrupt.value().count <= 4);
    }
  }
  for (std::size_t i = 0; i < kEntries; ++i) {
    if (const auto line = atl::irq::line_of(node, i); line.ok()) {
      FUZZ_EXPECT(line.value().line >= 16 && line.value().line < 1020);
    }
  }
  (void)node.enabled();
  (void)node.is_compatible("arm,pl011");
  for (const Node child : node.children()) FUZZ_EXPECT(child.parent() == node);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // Just that size, so that a read behind it shows; aligned as new promises.
  const auto blob = std::make_unique<std::byte[]>(size);
  if (size != 0) std::memcpy(blob.get(), data, size);
  std::array<NodeRecord, 256> records;
  const auto created = Tree::create({blob.get(), size}, records);
  if (!created.ok()) return 0;

  const Tree& tree = created.value();
  FUZZ_EXPECT(tree.used_size() <= size);
  for (std::uint16_t i = 0; i < tree.node_count(); ++i) {
    read_all(tree, tree.node(i));
    if (const auto found = tree.by_phandle(tree.node(i).phandle())) {
      FUZZ_EXPECT(found->phandle() == tree.node(i).phandle());
    }
  }
  for (std::uint16_t next = 0;;) {
    const auto serial = tree.next_compatible("arm,pl011", next);
    if (!serial) break;
    FUZZ_EXPECT(serial->is_compatible("arm,pl011") && serial->index() >= next);
    next = static_cast<std::uint16_t>(serial->index() + 1);
  }
  (void)tree.find("/chosen/x@1");
  (void)tree.find("serial0/a");
  for (std::size_t i = 0; i < kEntries; ++i) (void)tree.reservation(i);

  const auto info = std::make_unique<atl::BootInfo>();
  (void)atl::device_tree::scan_boot(blob.get(), atl::PhysAddr{0x48000000}, *info).ok();
  expect_sound(*info);
  return 0;
}
