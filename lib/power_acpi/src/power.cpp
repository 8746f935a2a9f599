// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <array>
#include <atoll/acpi.hpp>
#include <atoll/arch.hpp>
#include <atoll/arch/ports.hpp>
#include <atoll/arch/triple_fault.hpp>
#include <atoll/parse.hpp>
#include <atoll/power.hpp>

namespace atl {
namespace {

using acpi::MappedRegister;

// Everything that off() and crash() touch, mapped at boot: they must not
// allocate. Reading \_S5 is left to off(), since it costs a walk over the DSDT.
constinit std::array<MappedRegister, 2> control;
constinit MappedRegister sleep_control;
constinit MappedRegister reset;
constinit std::uint8_t reset_value = 0;
constinit acpi::Bytes dsdt;

// A monitor takes a moment to act on a write, in which nothing else must be
// tried. Each look leaves the guest, so that this takes about a second where
// the machine ignores the write.
void give_time(const MappedRegister& written) {
  for (int looks = 0; looks < 100'000; ++looks) {
    static_cast<void>(written.read());
    arch::Cpu::relax();
  }
}

void sleep(acpi::SleepType type) {
  if (sleep_control.present()) {
    // ACPI 6.5 §4.8.3.7.
    constexpr std::uint32_t kTypeShift = 2, kEnable = 1u << 5;
    sleep_control.write(std::uint32_t{type.a} << kTypeShift | kEnable);
    give_time(sleep_control);
    return;
  }
  // §4.8.3.2.1: the other bits of these registers keep their values.
  constexpr std::uint32_t kTypeShift = 10, kEnable = 1u << 13;
  constexpr std::uint32_t kOthers = 0xffff & ~(7u << kTypeShift | kEnable);
  const std::array<std::uint8_t, 2> types{type.a, type.b};
  for (std::size_t i = 0; i < control.size(); ++i)
    control[i].write((control[i].read() & kOthers) | std::uint32_t{types[i]} << kTypeShift |
                     kEnable);
  give_time(control[0]);
}

[[noreturn]] void restart() {
  if (reset.present()) {
    reset.write(reset_value);  // §4.8.3.6
    give_time(reset);
  }
  // The PC's keyboard controller pulses the reset line on this command; what
  // has no such controller ignores the port.
  constexpr arch::Ports keyboard{0x64};
  constexpr std::uint8_t kPulseReset = 0xfe;
  keyboard.write<std::uint8_t>(0, kPulseReset);
  for (int looks = 0; looks < 1'000; ++looks) {
    static_cast<void>(keyboard.read<std::uint8_t>(0));
    arch::Cpu::relax();
  }
  arch::triple_fault();
}

}  // namespace

// A machine without usable tables boots all the same, and ends by a reset.
Result<void> power_acpi_init() {
  auto found = acpi::fixed();
  if (!found) return {};
  const acpi::Fixed& fixed = *found.value();
  for (std::size_t i = 0; i < control.size(); ++i)
    control[i] = MappedRegister::of(fixed.control[i]);
  sleep_control = MappedRegister::of(fixed.sleep_control);
  if (fixed.has_reset) {
    reset = MappedRegister::of(fixed.reset);
    reset_value = fixed.reset_value;
  }
  dsdt = acpi::map_unchecked(fixed.dsdt).value_or({});
  return {};
}

namespace power {

// Without ACPI a reset is the only end that a guest has; monitors that leave
// ACPI out (Firecracker, microvm) take it for one.
void off() {
  if (sleep_control.present() || control[0].present()) {
    if (auto type = acpi::find_s5(dsdt)) sleep(type.value());
  }
  restart();
}

// A monitor reports a reset apart from a power-off (QEMU's SHUTDOWN event:
// guest-reset), and a supervisor that restarts its guests gets a restart.
void crash() { restart(); }

void debug_exit(std::string_view device, std::uint8_t status) {
  auto port = parse_number(device, 0xffff);
  if (port) arch::Ports{}.write<std::uint8_t>(port.value(), status);
}

}  // namespace power
}  // namespace atl
