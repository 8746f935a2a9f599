// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "bytes.hpp"

namespace atoll::acpi {
namespace {

// Offsets of ACPI 6.5 table 5.9; a block has an old 32-bit port number and, from
// revision 2 on, an extended address that wins when it is not 0.
constexpr std::size_t kDsdt = 40, kSci = 46, kSmiCommand = 48, kAcpiEnable = 52;
constexpr std::size_t kEvent[2] = {56, 60}, kControl[2] = {64, 68}, kTimer = 76;
constexpr std::size_t kEventLength = 88, kControlLength = 89, kTimerLength = 91, kCentury = 108;
constexpr std::size_t kFlags = 112, kReset = 116, kResetValue = 128, kExtendedDsdt = 140;
constexpr std::size_t kExtendedEvent[2] = {148, 160}, kExtendedControl[2] = {172, 184};
constexpr std::size_t kExtendedTimer = 208, kSleepControl = 244;
constexpr std::size_t kOldestSize = 116;

constexpr std::uint32_t kFlagButtonIsDevice = 1u << 4;
constexpr std::uint32_t kFlagTimer32 = 1u << 8;
constexpr std::uint32_t kFlagReset = 1u << 10;
constexpr std::uint32_t kFlagHardwareReduced = 1u << 20;

Register extended(Bytes table, std::size_t offset, std::uint8_t bytes) {
  if (byte_at(table, offset) > 1) return {};  // neither memory nor port
  const std::uint64_t address = number_at<std::uint64_t>(table, offset + 4);
  const auto space = static_cast<Register::Space>(byte_at(table, offset));
  if (space == Register::Space::kPort && address > 0xffff) return {};
  return {space, bytes, address};
}

Register block(Bytes table, std::size_t offset, std::size_t extended_offset, std::uint8_t bytes) {
  if (Register found = extended(table, extended_offset, bytes); found.present()) return found;
  const std::uint32_t port = number_at<std::uint32_t>(table, offset);
  return {Register::Space::kPort, bytes, port <= 0xffff ? port : 0};
}

}  // namespace

Result<Fixed> parse_fixed(Bytes table) {
  if (table.size() < kOldestSize || !has_signature(table, 0, "FACP"))
    return fail(Errc::kBadMessage);
  const std::uint32_t flags = number_at<std::uint32_t>(table, kFlags);
  Fixed fixed;
  fixed.hardware_reduced = (flags & kFlagHardwareReduced) != 0;
  fixed.sci = number_at<std::uint16_t>(table, kSci);
  fixed.century = byte_at(table, kCentury);
  fixed.dsdt = PhysAddr{number_at<std::uint64_t>(table, kExtendedDsdt)};
  if (fixed.dsdt.value() == 0) fixed.dsdt = PhysAddr{number_at<std::uint32_t>(table, kDsdt)};
  fixed.reset = extended(table, kReset, 1);
  fixed.reset_value = byte_at(table, kResetValue);
  fixed.has_reset = (flags & kFlagReset) != 0 && fixed.reset.present();
  if (fixed.hardware_reduced) {
    // §4.1: none of the fixed hardware registers exists, whatever the fields say.
    fixed.sleep_control = extended(table, kSleepControl, 1);
    return fixed;
  }
  fixed.smi_command = number_at<std::uint32_t>(table, kSmiCommand);
  if (fixed.smi_command > 0xffff) fixed.smi_command = 0;
  fixed.acpi_enable = byte_at(table, kAcpiEnable);
  if (byte_at(table, kTimerLength) == 4) fixed.timer = block(table, kTimer, kExtendedTimer, 4);
  fixed.timer_is_32_bit = (flags & kFlagTimer32) != 0;
  // §4.8.3.1: status first, enable in the second half, each at least 2 bytes.
  const std::uint8_t half = byte_at(table, kEventLength) / 2;
  for (std::size_t i = 0; i < 2; ++i) {
    if (byte_at(table, kControlLength) >= 2)
      fixed.control[i] = block(table, kControl[i], kExtendedControl[i], 2);
    if (half < 2) continue;
    fixed.event[i] = block(table, kEvent[i], kExtendedEvent[i], 2);
    fixed.enable[i] = fixed.event[i];
    if (fixed.event[i].present()) fixed.enable[i].address += half;
  }
  fixed.has_power_button = (flags & kFlagButtonIsDevice) == 0 && fixed.event[0].present();
  return fixed;
}

}  // namespace atoll::acpi
