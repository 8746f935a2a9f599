// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/types.hpp>
#include <cstdint>

namespace atl::boot_arm64 {

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

}  // namespace atl::boot_arm64
