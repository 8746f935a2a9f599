// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/boot_info.hpp>
#include <atoll/device_tree.hpp>
#include <atoll/vm_test.hpp>

using atl::device_tree::Node;
using atl::device_tree::tree;

VM_TEST(DeviceTree, is_there_when_the_loader_gave_one) {
  VM_EXPECT_EQ(tree() != nullptr, !atl::boot_info().device_tree.empty());
}

VM_TEST(DeviceTree, every_node_can_be_read) {
  if (tree() == nullptr) VM_SKIP("this machine has no device tree");
  VM_EXPECT(tree()->root().is_root());
  for (std::uint16_t i = 1; i < tree()->node_count(); ++i) {
    const Node node = tree()->node(i);
    VM_EXPECT(!node.name().empty());
    VM_EXPECT_LT(node.parent().index(), i);
  }
}

std::uint64_t shared_bytes(atl::PhysRange a, atl::PhysRange b) {
  const atl::PhysAddr start = a.start > b.start ? a.start : b.start;
  const atl::PhysAddr end = a.end() < b.end() ? a.end() : b.end();
  return start < end ? end - start : 0;
}

// Regions outside of it are a hypervisor's.
VM_TEST(DeviceTree, memory_is_what_boot_info_says) {
  if (tree() == nullptr) VM_SKIP("this machine has no device tree");
  std::uint64_t said = 0;
  std::uint64_t kept = 0;
  for (const Node node : tree()->root().children()) {
    if (!node.name().starts_with("memory@")) continue;
    for (std::size_t i = 0; node.reg(i).ok(); ++i) {
      said += node.reg(i).value().size;
      for (const atl::MemoryRegion& region : atl::boot_info().memory()) {
        kept += shared_bytes(region.range, node.reg(i).value());
      }
    }
  }
  VM_EXPECT_EQ(said, kept);
}

VM_TEST(DeviceTree, seeds_are_wiped) {
  if (tree() == nullptr) VM_SKIP("this machine has no device tree");
  const auto chosen = tree()->find("/chosen");
  VM_ASSERT(chosen.has_value());
  for (const char* name : {"rng-seed", "kaslr-seed"}) {
    const auto seed = chosen->property(name);
    if (!seed) continue;
    for (const std::byte byte : seed.value) VM_EXPECT(byte == std::byte{0});
  }
}
