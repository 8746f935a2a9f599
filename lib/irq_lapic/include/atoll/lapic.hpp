// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <cstdint>

/// The registers of this CPU's local APIC (Intel SDM 3A chapter 11), for the
/// libraries that drive a part of it: irq_lapic itself, timer_lapic, and
/// controllers that send it messages. Valid after the boot step of `irq`; any
/// context.
namespace atl::lapic {

/// Offsets in the xAPIC page (SDM 3A table 11-1); x2APIC numbers are these
/// shifted (§11.12.1.2).
enum class Register : std::uint16_t {
  kId = 0x20,
  kTaskPriority = 0x80,
  kEndOfInterrupt = 0xb0,
  kSpurious = 0xf0,
  kCommandLow = 0x300,
  kCommandHigh = 0x310,  ///< xAPIC only: in x2APIC one register has both halves
  kTimer = 0x320,        ///< local vector table
  kLocalInterrupt0 = 0x350,
  kInitialCount = 0x380,
  kCurrentCount = 0x390,
  kDivide = 0x3e0,
  kSelfInterrupt = 0x3f0,  ///< x2APIC only
};

std::uint32_t read(Register which);
void write(Register which, std::uint32_t value);

/// Whether registers are reached by MSRs (x2APIC) rather than memory.
bool is_x2apic();

/// x2APIC: the whole of the interrupt command register (§11.12.9), after all that was
/// stored before.
void write_command(std::uint64_t value);

/// Sends `command` (§11.6.1, the lower half of the interrupt command register) to the
/// APIC named `destination`.
void send(std::uint32_t destination, std::uint32_t command);

/// What names the boot CPU, which takes the interrupts of devices, in the
/// messages that bring them.
std::uint32_t boot_id();

/// The same of the CPU with index `cpu`, which has run its steps.
std::uint32_t id_of(std::uint32_t cpu);

/// Bit 16 of an entry of the local vector table (§11.5.1).
inline constexpr std::uint32_t kMasked = 1u << 16;

/// What the APIC sends when an interrupt vanished before it was acknowledged
/// (§11.9); no line of irq::root().
inline constexpr std::uint32_t kSpuriousVector = 255;

/// Opens the CPUs' gate for `vector`; until then its delivery is a panic.
void let_through(std::uint8_t vector);

}  // namespace atl::lapic
