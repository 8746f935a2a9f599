// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/boot_pvh/start_info.hpp>

/// What a platform's corner adds to the way from a PVH loader to boot(). All but start()
/// run at the load address, before relocation: no virtual functions, no tables of
/// pointers.
namespace atl::boot_pvh {

/// First of all: why this image cannot run here, as the end of the sentence "cannot
/// boot: "; null where it can.
const char* recognise();

/// Where a loader's start info has no memory map: the platform's own, or null.
MemoryMap other_memory_map();

/// Adds to `info`, whose memory map is complete, what the platform knows beside it.
void prepare(BootInfo& info);

/// The first code in the final address space, on the boot stack, with per-CPU data and
/// exceptions there. Calls boot().
[[noreturn]] void start();

}  // namespace atl::boot_pvh
