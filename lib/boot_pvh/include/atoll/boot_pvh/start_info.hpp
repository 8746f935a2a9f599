// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/boot_info.hpp>
#include <atoll/types.hpp>
#include <cstdint>

namespace atl::boot_pvh {

/// Physical addresses below `limit` are reached at `offset` + address: by the
/// entry's identity map, or in host tests a buffer.
struct PhysicalWindow {
  std::uint64_t offset = 0;
  std::uint64_t limit = 0;
};

/// What a piece of memory of a type of the E820 map is for (ACPI 6.5 §15.1).
MemoryKind kind_of_e820(std::uint32_t type);

/// Adds a memory map to `info`; null, or what is wrong with it.
using MemoryMap = const char* (*)(BootInfo& info);

/// Reads the loader's hvm_start_info (xen/include/public/arch-x86/hvm/
/// start_info.h) and everything it points to into `info`, which is empty:
/// memory map, command line, module 0 as RAM disk, RSDP. Nothing of the
/// loader's structures is needed afterwards.
///
/// A start info of version 0 has no memory map: `other_map` adds it to `info`
/// then, and says what is wrong; without that such a loader is refused.
///
/// The loader is not trusted: every pointer, count and range is checked. Null
/// on success, else a sentence that says what is wrong.
const char* read_start_info(PhysAddr start_info, PhysicalWindow window, BootInfo& info,
                            MemoryMap other_map = nullptr);

}  // namespace atl::boot_pvh
