// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "bytes.hpp"

namespace atl::acpi {
namespace {

// §5.2.3.2.
struct [[gnu::packed]] GenericAddress {
  std::uint8_t space;
  std::uint8_t bits;
  std::uint8_t offset;
  std::uint8_t access;
  std::uint64_t address;
};

// Table 5.9; up to `flags` as ACPI 1.0 had it.
struct [[gnu::packed]] Table {
  std::uint32_t signature;
  std::uint8_t header[32];
  std::uint32_t firmware_control, dsdt;
  std::uint8_t reserved, profile;
  std::uint16_t sci;
  std::uint32_t smi_command;
  std::uint8_t acpi_enable, acpi_disable, s4bios, pstate;
  std::uint32_t event[2], control[2], control2, timer, gpe[2];
  std::uint8_t event_size, control_size, control2_size, timer_size, gpe_size[2], gpe1_base, cst;
  std::uint16_t latencies[4];
  std::uint8_t duty[2], day_alarm, month_alarm, century;
  std::uint16_t boot_architecture;
  std::uint8_t reserved2;
  std::uint32_t flags;
  GenericAddress reset;
  std::uint8_t reset_value;
  std::uint16_t arm_boot_architecture;
  std::uint8_t minor_version;
  std::uint64_t extended_firmware_control, extended_dsdt;
  GenericAddress extended_event[2], extended_control[2], extended_control2, extended_timer;
  GenericAddress extended_gpe[2], sleep_control, sleep_status;
};
static_assert(offsetof(Table, flags) == 112 && offsetof(Table, extended_event) == 148 &&
              offsetof(Table, sleep_control) == 244);
constexpr std::size_t kOldestSize = offsetof(Table, reset);

constexpr std::uint32_t kFlagButtonIsDevice = 1u << 4;
constexpr std::uint32_t kFlagReset = 1u << 10;
constexpr std::uint32_t kFlagHardwareReduced = 1u << 20;
constexpr std::uint64_t kLastPort = 0xffff;

// Absent where it is neither in memory nor a port.
Register extended(const GenericAddress& address, std::uint8_t bytes) {
  const auto space = static_cast<Register::Space>(address.space);
  if (address.space > 1 || (space == Register::Space::kPort && address.address > kLastPort))
    return {};
  return {space, bytes, address.address};
}

// A block has an old port number and, from revision 2 on, an extended address
// that wins when it is not 0.
Register block(std::uint32_t port, const GenericAddress& address, std::uint8_t bytes) {
  if (const Register found = extended(address, bytes); found.present()) return found;
  return {Register::Space::kPort, bytes, port <= kLastPort ? port : 0};
}

}  // namespace

Result<void> parse_fixed(Bytes bytes, Fixed& fixed) {
  if (bytes.size() < kOldestSize) return fail(Errc::kBadMessage);
  const auto table = copy_of<Table>(bytes);
  if (table.signature != Signature{"FACP"}.value) return fail(Errc::kBadMessage);
  fixed = {};
  fixed.hardware_reduced = (table.flags & kFlagHardwareReduced) != 0;
  fixed.sci = table.sci;
  fixed.dsdt = PhysAddr{table.extended_dsdt != 0 ? table.extended_dsdt : table.dsdt};
  fixed.reset = extended(table.reset, 1);
  fixed.reset_value = table.reset_value;
  fixed.has_reset = (table.flags & kFlagReset) != 0 && fixed.reset.present();
  if (fixed.hardware_reduced) {
    // §4.1: none of the fixed hardware registers exists, whatever the fields say.
    fixed.sleep_control = extended(table.sleep_control, 1);
    return {};
  }
  fixed.smi_command = table.smi_command <= kLastPort ? table.smi_command : 0;
  fixed.acpi_enable = table.acpi_enable;
  // §4.8.3.1: status first, enable in the second half, each at least 2 bytes.
  const std::uint8_t half = table.event_size / 2;
  for (std::size_t i = 0; i < 2; ++i) {
    if (table.control_size >= 2)
      fixed.control[i] = block(table.control[i], table.extended_control[i], 2);
    if (half < 2) continue;
    fixed.event[i] = block(table.event[i], table.extended_event[i], 2);
    fixed.enable[i] = fixed.event[i];
    if (fixed.event[i].present()) fixed.enable[i].address += half;
  }
  fixed.has_power_button = (table.flags & kFlagButtonIsDevice) == 0 && fixed.event[0].present();
  return {};
}

}  // namespace atl::acpi
