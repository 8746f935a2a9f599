// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/types.hpp>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace atoll {

/// What a piece of physical memory is for.
enum class MemoryKind : std::uint8_t {
  kUsable,       ///< free once the boot allocations are taken out
  kReserved,     ///< firmware's, the device tree's, the loader's structures
  kAcpi,         ///< tables: readable, not allocated
};

struct MemoryRegion {
  PhysRange range;
  MemoryKind kind;
};

/// What the platform's entry found out, in one form for every loader. Filled
/// once by plat/<p>/<arch> before the boot sequence, read-only afterwards.
///
/// Everything a pointer or view in it refers to lives as long as the image:
/// the entry copies the command line, and keeps the device tree and the RAM
/// disk out of usable memory.
struct BootInfo {
  /// Regions kept; a loader that gives more loses the last ones, which is said
  /// in the boot log.
  static constexpr std::size_t kMaxRegions = 32;
  static constexpr std::size_t kMaxCommandLine = 4096;

  std::array<MemoryRegion, kMaxRegions> regions;
  std::size_t region_count = 0;
  std::size_t regions_dropped = 0;

  std::string_view command_line;   ///< without the final NUL, at most kMaxCommandLine bytes
  bool command_line_truncated = false;
  PhysRange initial_ram_disk;      ///< empty when there is none
  PhysRange device_tree;           ///< the flattened blob; empty when there is none
  PhysAddr acpi_rsdp;              ///< 0 when there is none
  PhysRange image;                 ///< where this image lies, bss included
  VirtAddr image_base;             ///< where it runs: the (random) virtual address of its first byte
  std::span<const std::byte> random_seed;  ///< the loader's entropy; empty when there is none

  [[nodiscard]] std::span<const MemoryRegion> memory() const {
    return std::span{regions}.first(region_count);
  }
};

/// The one of this image. Valid from the first boot step on.
const BootInfo& boot_info();

/// The entry's way to fill it; nothing else calls this.
BootInfo& boot_info_for_entry();

}  // namespace atoll
