// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/acpi.hpp>
#include <atoll/arch/ports.hpp>
#include <atoll/late.hpp>
#include <atoll/pci_ecam.hpp>
#include <atoll/pci_host.hpp>

#include "port_config.hpp"

namespace atl::pci {
namespace {

constinit Late<Ecam> memory;
constinit Late<PortConfig<arch::Ports>> ports;

// The table's first entry, which is the segment that the ports would reach.
Result<Host> find_in_memory() {
  const acpi::ConfigSpace found =
      TRY(acpi::config_space(TRY(acpi::table(acpi::Signature{"MCFG"})), 0));
  return Host{.config = &memory.create(found.registers, found.first_bus),
              .segment = found.segment,
              .first_bus = found.first_bus,
              .last_bus = found.last_bus,
              .has_ports = true};
}

}  // namespace

Result<Host> find_host() {
  auto found = find_in_memory();
  if (found.ok() || found.error() != Errc::kNoEntry) return found;
  constexpr std::uint16_t kConfigAddress = 0xcf8;
  auto& config = ports.create(arch::Ports{kConfigAddress});
  if (!config.present()) return fail(Errc::kNoDevice);
  return Host{.config = &config, .last_bus = 255, .has_ports = true};
}

// Firmware has routed the pin to one of the 8259's lines, and says which (§6.2.4,
// Interrupt Line). The pin is a level; which one, the tables say where they say
// anything, and a router's inverter makes it high where they do not.
Result<irq::Line> line_of_pin(const Host& host, Location at, std::uint8_t pin) {
  constexpr std::uint8_t kLines = 16;
  if (pin == 0 || pin > 4) return fail(Errc::kBadMessage);
  const auto number = host.config->read<std::uint8_t>(at, registers::kInterruptLine);
  // 0 is the timer's: what the register holds that nobody has written.
  if (number == 0 || number >= kLines) return fail(Errc::kNotSupported);
  irq::Line line = TRY(irq::isa_line(number));
  if (line.trigger == irq::Trigger::kEdgeRising) line.trigger = irq::Trigger::kLevelHigh;
  if (line.trigger == irq::Trigger::kEdgeFalling) line.trigger = irq::Trigger::kLevelLow;
  return line;
}

// The local APIC does not ask.
Result<irq::MessageSource> message_source(const Host& /*host*/, Location at) {
  return irq::MessageSource{.id = at.requester()};
}

}  // namespace atl::pci
