// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <algorithm>
#include <atoll/device_tree.hpp>
#include <atoll/irq_device_tree.hpp>
#include <atoll/late.hpp>
#include <atoll/pci_ecam.hpp>
#include <atoll/pci_host.hpp>
#include <optional>

#include "assign.hpp"
#include "bridges.hpp"
#include "interrupt_map.hpp"
#include "message_map.hpp"

namespace atl {
namespace pci {
namespace {

constinit std::optional<device_tree::Node> bridge;
constinit Late<Ecam> config;

bool is_assigned_by_firmware() {
  const auto chosen = device_tree::tree()->find("/chosen");
  if (!chosen) return false;
  const auto said = chosen->u32("linux,pci-probe-only");
  return said.ok() && said.value() != 0;
}

}  // namespace

// Binding host-generic-pci.yaml.
Result<Host> find_host() {
  if (!bridge) return fail(Errc::kNoDevice);
  const PhysRange registers = TRY(bridge->reg(0));
  Host host{.config = nullptr, .last_bus = 255};
  if (const auto domain = bridge->property("linux,pci-domain"))
    host.segment = static_cast<std::uint16_t>(TRY(domain.u32()));
  if (const auto range = bridge->property("bus-range")) {
    const std::uint32_t first = TRY(range.cell(0)), last = TRY(range.cell(1));
    if (first > last || last > host.last_bus) return fail(Errc::kBadMessage);
    host.first_bus = static_cast<std::uint8_t>(first);
    host.last_bus = static_cast<std::uint8_t>(last);
  }
  const std::uint64_t buses = registers.size / Ecam::kBusSize;
  if (buses == 0) return fail(Errc::kBadMessage);
  host.last_bus =
      static_cast<std::uint8_t>(std::min<std::uint64_t>(host.last_bus, host.first_bus + buses - 1));

  const Windows windows = TRY(windows_of(*bridge));
  host.windows = {windows.low, windows.high};
  host.config = &config.create(registers, host.first_bus);
  if (!is_assigned_by_firmware()) assign(host, windows);
  return host;
}

Result<irq::Line> line_of_pin(const Host& host, Location at, std::uint8_t pin) {
  if (pin == 0 || pin > 4) return fail(Errc::kBadMessage);
  // Each bridge turns the pins by the device's number (PCI-to-PCI Bridge Architecture
  // Specification 1.2 §9.1).
  while (at.bus != host.first_bus) {
    pin = static_cast<std::uint8_t>((pin - 1 + at.device) % 4 + 1);
    at = TRY(bridge_to(host, at.bus));
  }
  const irq::TreeLine line =
      TRY(irq::line_of(TRY(mapped_interrupt(*device_tree::tree(), *bridge, at.device, pin))));
  return irq::Line{line.line, line.trigger};
}

Result<irq::MessageSource> message_source(const Host& host, Location at) {
  return mapped_message(*bridge, TRY(requester_of(host, at)));
}

}  // namespace pci

Result<void> pci_host_device_tree_probe(const device_tree::Device& node) {
  if (pci::bridge) return fail(Errc::kBusy);
  pci::bridge = node;
  return {};
}

}  // namespace atl
