// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <atoll/irq_lines.hpp>
#include <atoll/irq_messages.hpp>
#include <atoll/pci_config.hpp>
#include <atoll/result.hpp>
#include <atoll/types.hpp>
#include <cstdint>

namespace atl::pci {

/// The machine's host bridge: the root of its buses.
struct Host {
  ConfigSpace* config = nullptr;
  std::uint16_t segment = 0;
  std::uint8_t first_bus = 0;
  std::uint8_t last_bus = 0;
  /// Devices may be given I/O ports.
  bool has_ports = false;
  /// Where registers of devices lie; all empty: not known. Addresses are the CPU's,
  /// which are those of the bus.
  std::array<PhysRange, 2> windows{};
};

/// Finds the host bridge. Where no firmware has done so, buses are numbered and base
/// addresses assigned. Called once, by the boot step of `pci`; the configuration space
/// lives as long as the image. kNoDevice: the machine has no PCI. Otherwise what is
/// said of it is broken: kBadMessage, kNotSupported, kNoMemory, kBadAddress.
Result<Host> find_host();

/// The line of irq::machine_lines() that pin `pin` (1: INTA#, to 4: INTD#) of the function
/// at `at` reaches, a level. For boot steps and threads. kNotSupported: nobody says, or
/// it goes to a controller that these lines do not have; kBadMessage: what says so is
/// broken, or the function has no such pin.
Result<irq::Line> line_of_pin(const Host& host, Location at, std::uint8_t pin);

/// As whom the function at `at` sends messages. kNotSupported: it has none to send them to;
/// kBadMessage: what says so is broken.
Result<irq::MessageSource> message_source(const Host& host, Location at);

}  // namespace atl::pci
