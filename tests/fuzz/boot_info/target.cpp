// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// A loader's memory map: 17 bytes a call, kind, start, size. A kind of 4 and
// above is a reservation; none of those may be usable at the end.
#include <atoll/boot_info_entry.hpp>

#include <cstring>
#include <memory>

#include "../regions.hpp"

using atl::BootInfo;
using atl::MemoryKind;
using atl::PhysAddr;
using atl::PhysRange;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t kCall = 17;
  const auto info = std::make_unique<BootInfo>();
  for (std::size_t at = 0; at + kCall <= size; at += kCall) {
    std::uint64_t start = 0;
    std::uint64_t length = 0;
    std::memcpy(&start, data + at + 1, sizeof start);
    std::memcpy(&length, data + at + 9, sizeof length);
    const PhysRange range{PhysAddr{start}, length};
    const unsigned kind = data[at] % 8;
    if (kind >= 4) {
      atl::boot_entry::reserve(*info, range);
    } else {
      atl::boot_entry::add_region(*info, range, static_cast<MemoryKind>(kind));
    }
    expect_sound(*info);
    if (kind == static_cast<unsigned>(MemoryKind::kUsable) || start + length < start) continue;
    for (const atl::MemoryRegion& region : info->memory()) {
      FUZZ_EXPECT(region.kind != MemoryKind::kUsable || !region.range.overlaps(range));
    }
  }
  return 0;
}
