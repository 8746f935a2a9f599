// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// Memory as a PVH loader leaves it: the input is what lies from address 0 on,
// and the start info is at 16.
#include <atoll/boot_pvh/start_info.hpp>

#include <algorithm>
#include <memory>
#include <vector>

#include "../regions.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // A block of its own, so that ASan sees every byte that is read past it.
  const std::vector<std::uint8_t> memory(data, data + size);
  const auto info = std::make_unique<atl::BootInfo>();
  const char* problem = atl::boot_pvh::read_start_info(
      atl::PhysAddr{16},
      {.offset = reinterpret_cast<std::uintptr_t>(memory.data()), .limit = memory.size()}, *info);
  expect_sound(*info);
  if (problem != nullptr) return 0;
  FUZZ_EXPECT(info->acpi_rsdp.value() < std::uint64_t{1} << 52);
  const atl::PhysRange disk = info->initial_ram_disk;
  FUZZ_EXPECT(disk.start.value() + disk.size >= disk.start.value());
  for (const atl::MemoryRegion& region : info->memory()) {
    FUZZ_EXPECT(region.kind != atl::MemoryKind::kUsable || !region.range.overlaps(disk));
  }
  const auto line = info->command_line();
  FUZZ_EXPECT(std::find(line.begin(), line.end(), '\0') == line.end());
  return 0;
}
