// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/boot_info.hpp>
#include <atoll/vm_test.hpp>

using atl::MemoryKind;
using atl::MemoryRegion;

VM_TEST(BootInfo, regions_are_disjoint) {
  const auto regions = atl::boot_info().memory();
  VM_ASSERT(!regions.empty());
  for (std::size_t i = 0; i < regions.size(); ++i) {
    VM_EXPECT(!regions[i].range.empty());
    for (std::size_t j = 0; j < i; ++j) VM_EXPECT(!regions[i].range.overlaps(regions[j].range));
  }
}

VM_TEST(BootInfo, nothing_in_use_is_usable) {
  const atl::BootInfo& info = atl::boot_info();
  VM_EXPECT(!info.image.empty());
  for (const MemoryRegion& region : info.memory()) {
    if (region.kind != MemoryKind::kUsable) continue;
    VM_EXPECT(!region.range.overlaps(info.image));
    VM_EXPECT(!region.range.overlaps(info.device_tree));
    VM_EXPECT(!region.range.overlaps(info.initial_ram_disk));
  }
}

VM_TEST(BootInfo, the_map_fits) { VM_EXPECT_EQ(atl::boot_info().regions_dropped, 0U); }
