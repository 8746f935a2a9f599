// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/boot_info.hpp>

#include "page_allocator.hpp"

namespace atl::page_alloc {

/// Gives `allocator` the whole pages of the usable regions of `info` that hold
/// nothing: not the image, the RAM disk, the device tree, page 0, nor anything
/// that another region claims. The map may be hostile: regions overlap, wrap
/// around, lie askew; what is unclear is left out.
void add_boot_memory(PageAllocator& allocator, const BootInfo& info);

}  // namespace atl::page_alloc
