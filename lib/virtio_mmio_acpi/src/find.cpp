// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/acpi.hpp>
#include <atoll/irq_lines.hpp>
#include <atoll/log.hpp>
#include <atoll/virtio_mmio.hpp>

namespace atl {
namespace {

// Name (_HID, "LNRO0005"), §20.2.5.1 and §20.2.3: what QEMU and Linux call such a device.
constexpr std::string_view kHid{
    "\x08_HID\x0d"
    "LNRO0005",
    14};

Result<void> add(const acpi::DeviceNode& device) {
  const PhysRange registers = TRY(acpi::memory_of(device));
  const acpi::DeviceLine line = TRY(acpi::interrupt_of(device));
  const auto found = virtio_mmio::find(registers, device.name);
  if (!found) return {};
  virtio_mmio::add(*found,
                   {irq::machine_lines(), line.line, irq::trigger_of(line.level, line.active_low)},
                   device.name);
  return {};
}

Result<void> find_all() {
  acpi::DeviceNodes devices{TRY(acpi::map_unchecked(TRY(acpi::fixed())->dsdt))};
  for (;;) {
    const auto device = devices.next(kHid);
    if (!device) break;
    if (const auto added = add(device.value()); !added)
      log::error("virtio_mmio", "{}: {}", device.value().name, added.error());
  }
  virtio_mmio::attach();
  return {};
}

}  // namespace

// A machine without ACPI boots all the same.
Result<void> virtio_mmio_acpi_init() {
  if (const auto found = find_all(); !found && found.error() != Errc::kNoEntry)
    log::warning("virtio_mmio", "no devices by ACPI: {}", found.error());
  return {};
}

}  // namespace atl
