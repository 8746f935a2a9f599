// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

/// The end of an image that cannot boot. All of it runs at the load address, like
/// boot_pvh::enter().
namespace atl::boot_pvh {

/// Says why on the first serial port, on the debug port 0xe9, and by
/// put_failure(), then writes the panic record and ends the machine.
[[noreturn]] void fail(const char* reason);

/// The platform's part: one character for where this platform shows text besides.
void put_failure(char c);

/// The platform's part: ends a machine that could not boot; where it returns, the
/// CPU is reset.
void stop_failed();

}  // namespace atl::boot_pvh
