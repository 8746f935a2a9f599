// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/boot_info.hpp>
#include <atoll/result.hpp>
#include <atoll/types.hpp>
#include <cstdint>

namespace atoll::kvm_arm64 {

/// RAM from here on has no place in the direct map.
inline constexpr std::uint64_t kPhysicalEnd = std::uint64_t{32} << 40;

/// Where the parts of the kernel's half lie (docs/architecture.md).
struct KernelLayout {
  VirtAddr image;       ///< of the image's first byte
  VirtAddr direct_map;  ///< of physical address 0
};

/// The layout for `seed`, which decides nothing where the option RANDOM_BASE is
/// off. `image_size` in bytes, all of the image.
KernelLayout choose_layout(std::uint64_t seed, std::uint64_t image_size);

/// Where the UART of the entry is mapped: two pages behind the image.
VirtAddr uart_page(const KernelLayout& layout, std::uint64_t image_size);

/// The table of the kernel's half.
struct KernelTables {
  PhysAddr root;
  PhysAddr end;  ///< behind the last page that the tables take
};

/// Maps the image at layout.image, each section with what it may do and guard
/// pages left out, the RAM in `info`, which ends below kPhysicalEnd, at
/// layout.direct_map, and the UART. Pages come from the image's own, [first, last). kNoMemory when they do not do.
Result<KernelTables> build_tables(const KernelLayout& layout, const BootInfo& info,
                                  PhysAddr uart, PhysAddr first, PhysAddr last);

}  // namespace atoll::kvm_arm64
