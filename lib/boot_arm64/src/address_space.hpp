// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/boot_info.hpp>
#include <atoll/result.hpp>
#include <atoll/types.hpp>

#include "kernel_layout.hpp"

namespace atl::boot_arm64 {

/// The table of the kernel's half.
struct KernelTables {
  PhysAddr root;
  PhysAddr end;  ///< behind the last page that the tables take
};

/// Maps the image at layout.image, each section with what it may do and guard
/// pages marked, the RAM in `info`, which ends below kPhysicalEnd, at
/// layout.direct_map, and the first page of the UART, if any. Pages come from the image's own,
/// [first, last). kNoMemory when they do not do.
Result<KernelTables> build_tables(const KernelLayout& layout, const BootInfo& info, PhysAddr uart,
                                  PhysAddr first, PhysAddr last);

}  // namespace atl::boot_arm64
