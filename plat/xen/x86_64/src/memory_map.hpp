// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/boot_info.hpp>

namespace atl::xen_x86_64 {

/// Asks Xen for this domain's memory map; null, or what is wrong with it.
const char* ask_memory_map(BootInfo& info);

/// Physical addresses behind everything that the map names, where nothing is.
PhysRange unused_room(const BootInfo& info);

}  // namespace atl::xen_x86_64
