// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <atoll/types.hpp>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace atl {

/// What a piece of physical memory is for.
enum class MemoryKind : std::uint8_t {
  kUsable,    ///< RAM that is free
  kReserved,  ///< firmware's: neither allocated nor mapped
  kAcpi,      ///< tables: readable, not allocated
  kKept,      ///< RAM that holds something of ours: the image, the device tree, the RAM disk,
              ///< the loader's structures; mapped, not allocated
};

struct MemoryRegion {
  PhysRange range;
  MemoryKind kind;
};

/// What the platform's entry found out, in one form for every loader. Filled
/// once by plat/<p>/<arch> before the boot sequence, with the functions of
/// atoll/boot_info_entry.hpp; read-only afterwards.
///
/// It holds its text itself and no pointers, so it stays true when the image
/// moves from its load address to its virtual one.
struct BootInfo {
  /// Regions kept; what a loader's map needs beyond them is left out of usable
  /// memory, and said in the boot log.
  static constexpr std::size_t kMaxRegions = 32;
  static constexpr std::size_t kMaxCommandLine = 4096;
  static constexpr std::size_t kMaxRandomSeed = 64;

  /// The first region_count of them; disjoint, in no particular order.
  std::array<MemoryRegion, kMaxRegions> regions{};
  std::size_t region_count = 0;
  /// Pieces that found no room in `regions`.
  std::size_t regions_dropped = 0;

  PhysRange initial_ram_disk;  ///< empty when there is none; zeros may follow the file
  PhysRange device_tree;       ///< the part of the flattened blob in use; empty when there is none
  PhysAddr acpi_rsdp;          ///< 0 when there is none
  PhysRange image;             ///< where this image lies, bss included
  VirtAddr image_base;         ///< where it runs: the (random) virtual address of its first byte

  bool command_line_truncated = false;  ///< the loader's was longer than kMaxCommandLine
  std::size_t command_line_size = 0;
  std::size_t random_seed_size = 0;
  std::array<char, kMaxCommandLine> command_line_text{};
  std::array<std::byte, kMaxRandomSeed> random_seed_bytes{};

  [[nodiscard]] std::span<const MemoryRegion> memory() const {
    return {regions.data(), region_count};
  }
  /// Without a final NUL. Lives as long as the image.
  [[nodiscard]] std::string_view command_line() const {
    return {command_line_text.data(), command_line_size};
  }
  /// The loader's entropy; empty when there is none, or once it was taken.
  [[nodiscard]] std::span<const std::byte> random_seed() const {
    return {random_seed_bytes.data(), random_seed_size};
  }
};

/// The one of this image. Valid from the first boot step on.
const BootInfo& boot_info();

/// Where a byte of this image lies in memory.
inline PhysAddr physical_in_image(VirtAddr address) {
  return boot_info().image.start + (address - boot_info().image_base);
}

/// Wipes the seed after its one use: bytes that fed a generator must not be
/// found in memory later. Called by lib/random only.
void forget_random_seed();

/// The entry's way to fill it; nothing else calls this.
BootInfo& boot_info_for_entry();

}  // namespace atl
