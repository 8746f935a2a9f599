// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/acpi.hpp>
#include <atoll/irq_lines.hpp>
#include <atoll/log.hpp>
#include <atoll/shutdown.hpp>

#include "event_device.hpp"
#include "fixed_button.hpp"

namespace atl {
namespace {

using acpi::MappedRegister;

constinit FixedButton<MappedRegister> button;
constinit MappedRegister selector;
constinit std::uint32_t line = 0;
constinit std::uint32_t not_ours = 0;

Result<void> listen(irq::Trigger how, irq::Handler handler) {
  TRY(irq::machine_lines().connect(line, how, handler, nullptr));
  irq::machine_lines().unmask(line);
  return {};
}

void on_sci(void* /*context*/) {
  if (button.pressed()) return shutdown::request_stop();
  // Some other event that firmware has enabled keeps the line up, and nobody
  // here can answer it: better without the button than for ever in here.
  constexpr std::uint32_t kPatience = 1'000;
  if (++not_ours == kPatience) irq::machine_lines().mask(line);
}

void on_event(void* /*context*/) {
  if ((selector.read() & EventDevice::kPowerDown) != 0) shutdown::request_stop();
}

// ACPI 6.5 §4.8.3.2.1: the SCI works once firmware has handed the hardware over.
void leave_legacy_mode(const acpi::Fixed& fixed) {
  constexpr std::uint32_t kSciEnabled = 1;
  const MappedRegister control = MappedRegister::of(fixed.control[0]);
  if (fixed.smi_command == 0 || (control.read() & kSciEnabled) != 0) return;
  MappedRegister::of({acpi::Register::Space::kPort, 1, fixed.smi_command}).write(fixed.acpi_enable);
  for (int looks = 0; looks < 10'000 && (control.read() & kSciEnabled) == 0;) ++looks;
}

Result<void> use_fixed_button(const acpi::Fixed& fixed) {
  for (std::size_t i = 0; i < fixed.event.size(); ++i) {
    button.status[i] = MappedRegister::of(fixed.event[i]);
    button.enable[i] = MappedRegister::of(fixed.enable[i]);
  }
  leave_legacy_mode(fixed);
  // §5.2.9, SCI_INT: a level, active low, where the MADT says nothing else.
  acpi::IsaLine sci{fixed.sci, false, true, true};
  if (fixed.sci < 16) {
    const acpi::IsaLine found = acpi::isa_line(TRY(acpi::table(acpi::Signature{"APIC"})),
                                               static_cast<std::uint8_t>(fixed.sci));
    if (found.overridden) sci = found;
  }
  line = sci.line;
  button.listen();
  return listen(irq::trigger_of(sci.level, sci.active_low), on_sci);
}

Result<void> use_event_device(const acpi::Fixed& fixed) {
  const EventDevice device = TRY(find_event_device(TRY(acpi::map_unchecked(fixed.dsdt))));
  selector = MappedRegister::of({acpi::Register::Space::kMemory, 4, device.selector.value()});
  if (!selector.present()) return fail(Errc::kNoMemory);
  line = device.line;
  return listen(irq::trigger_of(device.level, device.active_low), on_event);
}

Result<void> find_button() {
  const acpi::Fixed& fixed = *TRY(acpi::fixed());
  if (fixed.hardware_reduced) return use_event_device(fixed);
  if (!fixed.has_power_button) return fail(Errc::kNoEntry);
  return use_fixed_button(fixed);
}

}  // namespace

// A machine without a button boots all the same.
Result<void> stop_acpi_init() {
  if (auto found = find_button(); !found && found.error() != Errc::kNoEntry)
    log::warning("stop", "no power button: {}", found.error());
  return {};
}

}  // namespace atl
