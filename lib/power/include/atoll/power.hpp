// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <cstdint>
#include <string_view>

/// How this machine ends. Called by lib/shutdown only, with interrupts masked,
/// from any context; allocates nothing and takes no lock.
namespace atl::power {

/// Switches the machine off; returns only where it cannot.
void off();

/// Stops the machine as crashed, in whatever way its monitor tells from off;
/// returns only where it cannot.
void crash();

/// Ends the monitor with `status` through a debugging device that the command
/// line says is there (`shutdown.debug_exit=`): an I/O port number like "0x501"
/// on x86_64 (QEMU's isa-debug-exit, whose own status is 2 * status + 1),
/// "semihosting" on arm64 (Arm semihosting specification, SYS_EXIT). Returns
/// where `device` names nothing that this machine knows.
void debug_exit(std::string_view device, std::uint8_t status);

}  // namespace atl::power
