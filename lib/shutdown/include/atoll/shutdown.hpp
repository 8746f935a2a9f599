// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/power.hpp>
#include <cstdint>
#include <string_view>

/// The end of an image: the status contract and the stop request.
///
/// The last console record is `atoll: exit N` or `atoll: panic <build-id>`,
/// each followed by ` <nonce>` when the command line has `shutdown.nonce=`.
namespace atl::shutdown {

/// Runs the terminators of the boot sequence in reverse, writes `atoll: exit
/// <status & 255>` and powers off. Not from an interrupt handler. A second
/// call while the terminators run powers off at once.
[[noreturn]] void exit(int status);

/// Writes the panic record and stops the machine as crashed. Any context.
[[noreturn]] void crash();

/// What exit() runs before it powers off; lib/boot sets it after the boot
/// sequence.
void set_terminators(void (*run)());

/// A request from outside to end: power button, its arm64 equivalent, Xen's
/// control/shutdown. Runs the stop handler, interrupts blocking calls, and
/// powers off with status 124 after `shutdown.timeout` seconds (default 10).
/// Callable from an interrupt handler; asking twice changes nothing.
void request_stop();
bool stop_requested();

/// What request_stop() calls, in interrupt context; one at a time, the last
/// one set wins. Null takes the default: exit with status 143 (128 + SIGTERM).
void set_stop_handler(void (*handler)());

/// How the libraries that can do it serve a stop request; each is set at most
/// once, by a boot step. What is not set is left out.
struct StopServices {
  /// Calls `function` soon on a thread. Without it the default of the stop
  /// handler runs where request_stop() was called.
  void (*call_on_thread)(void (*function)()) = nullptr;
  /// Makes blocking calls return Errc::kInterrupted.
  void (*interrupt_waits)() = nullptr;
  /// Calls `function` in interrupt context after `seconds`.
  void (*call_after)(std::uint32_t seconds, void (*function)()) = nullptr;
};
StopServices& stop_services();

/// `hook` is called last of all, with the record's words behind "atoll: " ("exit 7",
/// "panic <build-id>"), before the machine is switched off: for who tells somebody
/// else, or ends the machine in another way. Interrupts are masked, and a panic may
/// have come from anywhere: it waits for no lock. One per image, null for none.
void set_end_hook(void (*hook)(std::string_view record));

/// A hook, in an image for several CPUs: has the other CPUs stop where they are, and
/// returns once they have, as far as they take interrupts. Of several that call it, one
/// returns. Interrupts masked, any context.
void stop_other_cpus();

/// The image's identity: the linker's build id in hexadecimal, "0" for an image
/// linked without one. Any context.
std::string_view build_id();

}  // namespace atl::shutdown
