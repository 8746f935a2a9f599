// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/acpi_tables.hpp>
#include <cstdint>

namespace atl {

/// QEMU's generic event device (ACPI 6.5 §5.6.9; QEMU docs/specs/
/// acpi_hw_reduced_hotplug.rst): one register that says what happened.
struct EventDevice {
  PhysAddr selector;       ///< 32 bits; reading clears
  std::uint32_t line = 0;  ///< global system interrupt
  bool level = false;
  bool active_low = false;

  /// The bit of the selector for the power button.
  static constexpr std::uint32_t kPowerDown = 1u << 1;
};

/// Finds it in the DSDT, by the bytes that QEMU writes for it: its methods are
/// not interpreted, so the table must be QEMU's. kNoEntry.
Result<EventDevice> find_event_device(acpi::Bytes dsdt);

}  // namespace atl
