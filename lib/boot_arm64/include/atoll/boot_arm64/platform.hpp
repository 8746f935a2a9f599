// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/arch/firmware_call.hpp>
#include <atoll/boot_info.hpp>
#include <atoll/device_tree_boot.hpp>
#include <atoll/mapping.hpp>
#include <atoll/types.hpp>

/// What a platform's corner adds to the way from the loader to boot(). All but
/// start() run on the entry's one-to-one map, the image relocated to where it lies.
namespace atl::boot_arm64 {

/// The registers of a PL011 for a machine whose tree names no console; `scan` is
/// null where there is no tree that can be read. 0 where there is none.
PhysAddr default_uart(const device_tree::BootScan* scan);

/// Adds to `info` what the platform knows beside the tree. Null, or why this image
/// cannot run on this machine, as the end of the sentence "cannot boot: ".
const char* prepare(const device_tree::BootScan& scan, BootInfo& info);

/// Where fail() writes on a machine without a PL011.
void write_without_uart(const char* text);

/// Ends a machine that could not boot, after text was written. `conduit` is the
/// way to its firmware. May return where it cannot.
void stop_failed(arch::Conduit conduit);

/// The first code in the kernel's half, on the boot stack, with the per-CPU data
/// there: makes the UART whose registers are mapped at `uart`, 0 where there is
/// none, a console, and calls boot().
[[noreturn]] void start(VirtAddr uart);

/// For write_without_uart(): maps [start, start + size) one to one; false where it
/// cannot.
bool reach(PhysAddr start, std::uint64_t size, arch::Memory memory);

/// Ends the boot: writes "atoll: cannot boot: " and `reason` to the console's
/// UART, then the panic record, and calls stop_failed().
[[noreturn]] void fail(const char* reason);

}  // namespace atl::boot_arm64
