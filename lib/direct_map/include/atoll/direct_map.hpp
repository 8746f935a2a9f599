// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/types.hpp>
#include <cstdint>

namespace atl {

/// What direct_map_base is a multiple of: the largest page of both
/// architectures. An address has the same alignment on both sides of the map,
/// up to this.
inline constexpr std::uint64_t kDirectMapAlignment = std::uint64_t{1} << 30;

/// Virtual address of physical address 0 in the direct map: all RAM of the
/// boot memory map, never executable. Random where the option RANDOM_BASE is
/// on; set once by the entry.
extern VirtAddr direct_map_base;

/// Where RAM at `address` can be read, and written unless the image's own
/// code or constants lie there. Only for addresses inside the memory map:
/// devices are mapped by vm::map_device().
inline VirtAddr to_virtual(PhysAddr address) {
  return VirtAddr{direct_map_base.value() + address.value()};
}

/// The physical address behind `pointer`, which must point into the direct map.
inline PhysAddr to_physical(VirtAddr pointer) {
  return PhysAddr{pointer.value() - direct_map_base.value()};
}

}  // namespace atl
