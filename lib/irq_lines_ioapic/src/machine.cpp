// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/acpi.hpp>
#include <atoll/irq_lines.hpp>
#include <atoll/lapic.hpp>
#include <atoll/vm.hpp>

#include "lines.hpp"

namespace atl::irq {
namespace {

constexpr std::uint64_t kRegisters = 0x20;

Result<void> add(IoApicLines<Mmio>& lines, PhysAddr address, std::uint32_t first_line) {
  lines.add(Mmio{TRY(vm::map_device({address, kRegisters}))}, first_line);
  return {};
}

Result<void> discover(IoApicLines<Mmio>& lines, std::uint32_t line) {
  auto madt = acpi::table(acpi::Signature{"APIC"});
  if (!madt) {
    // Without ACPI there is one, where every PC has had its first
    // (MultiProcessor Specification 1.4 §3.6.5).
    if (madt.error() != Errc::kNoEntry) return fail(madt.error());
    return add(lines, PhysAddr{0xfec0'0000}, 0);
  }
  // The one that begins next below the line; how far it reaches, it says itself.
  acpi::IoApic owner;
  for (std::size_t index = 0;; ++index) {
    auto found = acpi::io_apic(madt.value(), index);
    if (!found) break;
    const std::uint32_t first_line = found.value().first_line;
    if (first_line <= line && (owner.address.value() == 0 || first_line > owner.first_line))
      owner = found.value();
  }
  if (owner.address.value() == 0) return fail(Errc::kNoDevice);
  return add(lines, owner.address, owner.first_line);
}

constinit IoApicLines<Mmio>::Room room;
constinit IoApicLines<Mmio> lines{room, discover, lapic::boot_id};

}  // namespace

Domain& machine_lines() { return lines; }

Result<Line> isa_line(std::uint32_t isa) {
  if (isa > 15) return fail(Errc::kInvalidArgument);
  auto madt = acpi::table(acpi::Signature{"APIC"});
  if (!madt) {
    if (madt.error() != Errc::kNoEntry) return fail(madt.error());
    return Line{isa, Trigger::kEdgeRising};
  }
  const acpi::IsaLine found = acpi::isa_line(madt.value(), static_cast<std::uint8_t>(isa));
  return Line{found.line, trigger_of(found.level, found.active_low)};
}

}  // namespace atl::irq
