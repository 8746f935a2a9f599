// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/boot_info.hpp>

namespace atl::xen_x86_64 {

/// Asks Xen for this domain's memory map; null, or what is wrong with it.
const char* ask_memory_map(BootInfo& info);

/// The first physical addresses from 4 GiB on that the map does not name.
PhysRange unused_room(const BootInfo& info);

}  // namespace atl::xen_x86_64
