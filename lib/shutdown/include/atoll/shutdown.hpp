// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <string_view>

/// The end of an image: the status contract and the stop request.
///
/// The last console record is `atoll: exit N` or `atoll: panic <build-id>`,
/// each followed by ` <nonce>` when the command line has `shutdown.nonce=`.
namespace atoll::shutdown {

/// Runs the terminators of the boot sequence in reverse, writes `atoll: exit
/// <status & 255>` and powers off. Not from an interrupt handler. A second
/// call while the terminators run powers off at once.
[[noreturn]] void exit(int status);

/// Writes the panic record and stops the machine as crashed. Any context.
[[noreturn]] void crash();

/// A request from outside to end: power button, its arm64 equivalent, Xen's
/// control/shutdown. Runs the stop handler, interrupts blocking calls, and
/// powers off with a non-zero status after `shutdown.timeout` seconds (default 10).
/// Callable from an interrupt handler; asking twice changes nothing.
void request_stop();
bool stop_requested();

/// What request_stop() calls, in interrupt context; one at a time, the last
/// one set wins. Null takes the default: exit with status 143 (128 + SIGTERM).
void set_stop_handler(void (*handler)());

}  // namespace atoll::shutdown

/// The provider's part (interface `power`): shutdown_acpi, shutdown_psci, ...
namespace atoll::power {

/// Switches the machine off; returns only where it cannot.
void off();

/// Stops the machine as crashed, in whatever way its monitor tells from off.
void crash();

}  // namespace atoll::power
