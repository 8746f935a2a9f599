// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <atoll/result.hpp>
#include <atoll/types.hpp>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

/// Readers of ACPI tables (ACPI 6.5). Tables are the firmware's word and hostile
/// until checked: every length, checksum and offset is, and nothing here reads
/// outside the bytes it was given. No state, no allocation: any context.
namespace atl::acpi {

using Bytes = std::span<const std::byte>;

/// Makes `size` bytes of physical memory readable, for as long as the image
/// lives; null where it cannot.
using View = const std::byte* (*)(PhysAddr start, std::size_t size);

/// What a table is called: four characters.
struct Signature {
  constexpr explicit Signature(const char (&text)[5]) {
    for (std::size_t i = 4; i-- > 0;) value = value << 8 | static_cast<std::uint8_t>(text[i]);
  }
  std::uint32_t value = 0;
};

/// Bytes that a table may have; a longer one is taken for broken.
inline constexpr std::uint32_t kMaxTableSize = 1024 * 1024;

/// The list of all tables (§5.2.7, §5.2.8).
struct Root {
  Bytes table;
  std::size_t entry_size = 0;  ///< RSDT 4, XSDT 8
};

/// The list behind the root pointer at `rsdp` (§5.2.5.3). kNoEntry: `rsdp` is 0.
/// kBadMessage: pointer or list are broken. kBadAddress: `view` cannot show them.
Result<Root> find_root(View view, PhysAddr rsdp);

/// Number `index` of the tables named `signature`, whole, checksum checked.
/// kNoEntry: there is no such table; others are not looked at beyond their first
/// 8 bytes. kBadMessage: it is broken. kBadAddress: `view` cannot show it.
Result<Bytes> find_table(View view, const Root& root, Signature signature, std::size_t index = 0);

/// The table at `address`, whose signature must be `signature`. kBadMessage,
/// kBadAddress.
Result<Bytes> read_table(View view, PhysAddr address, Signature signature);

/// Where a register is (§5.2.3.2, generic address structure).
struct Register {
  enum class Space : std::uint8_t { kMemory = 0, kPort = 1 };
  Space space = Space::kMemory;
  std::uint8_t bytes = 0;     ///< of one access: 1, 2, 4 or 8
  std::uint64_t address = 0;  ///< 0: there is none

  [[nodiscard]] constexpr bool present() const { return address != 0; }
};

/// What we use of the fixed ACPI description table (§5.2.9).
struct Fixed {
  bool hardware_reduced = false;
  bool has_reset = false;
  bool has_power_button = false;  ///< in the event and enable registers
  std::uint8_t reset_value = 0;
  std::uint8_t acpi_enable = 0;   ///< to smi_command, to leave legacy mode
  std::uint16_t sci = 0;          ///< the SCI's number, as in IsaLine below
  std::uint32_t smi_command = 0;  ///< a port; 0: always in ACPI mode
  PhysAddr dsdt;
  std::array<Register, 2> event;    ///< PM1a, PM1b: status registers
  std::array<Register, 2> enable;   ///< the enable half of the same blocks
  std::array<Register, 2> control;  ///< PM1a, PM1b
  Register reset;
  Register sleep_control;
};

/// Reads a table of signature FACP, of any revision from ACPI 1.0 on.
/// kBadMessage: too short.
Result<void> parse_fixed(Bytes table, Fixed& fixed);

/// SLP_TYP of a sleep state for PM1a (or SLEEP_CONTROL) and PM1b.
struct SleepType {
  std::uint8_t a = 0;
  std::uint8_t b = 0;
};

/// What the definition block `table` (DSDT or SSDT) says in the package \_S5
/// (§7.4.2.6, encoded as §20.2). The block is searched for the name where it is
/// defined, not interpreted. kNoEntry.
Result<SleepType> find_s5(Bytes table);

/// A device of a definition block (§19.6.29).
struct DeviceNode {
  std::string_view name;  ///< four characters, in the table
  Bytes content;          ///< what stands behind the name
};

/// The devices of a definition block, one after the other: those in the root and in scopes of
/// one name, not those in other devices.
class DeviceNodes {
 public:
  explicit DeviceNodes(Bytes table);

  /// The next one whose content begins with the bytes of `beginning`. kNoEntry.
  Result<DeviceNode> next(std::string_view beginning);

 private:
  Bytes table_;
  std::size_t at_;
};

/// The first memory that `device` says it has (§6.2.2, _CRS, as a buffer of descriptors): a
/// 32-bit fixed location (§6.4.3.4). kNoEntry; kBadMessage where its descriptors do not fit
/// their buffer, and where one is read that is too short.
Result<PhysRange> memory_of(const DeviceNode& device);

/// An interrupt line, by its global system number (§5.2.13), and how it signals.
struct DeviceLine {
  std::uint32_t line = 0;
  bool level = false;
  bool active_low = false;
};

/// The first interrupt that `device` says it has: an extended descriptor (§6.4.3.6). Errors as
/// memory_of().
Result<DeviceLine> interrupt_of(const DeviceNode& device);

/// What of the multiple APIC description table (§5.2.12) concerns interrupt lines.
struct IoApic {
  PhysAddr address;
  std::uint32_t first_line = 0;
};

/// Calls for IOAPIC number `index` in the MADT `table`. kNoEntry.
Result<IoApic> io_apic(Bytes table, std::size_t index);

/// The local APIC of processor number `index` of those that can run, in the MADT `table`,
/// by its name (§5.2.12.2, §5.2.12.12). kNoEntry.
Result<std::uint32_t> local_apic(Bytes table, std::size_t index);

/// A line and how it signals (§5.2.12.5).
struct IsaLine {
  std::uint32_t line = 0;
  bool overridden = false;  ///< by the table; else what the bus has: an edge, active high
  bool level = false;
  bool active_low = false;
};

/// The global system interrupt behind ISA interrupt `isa`, overrides applied.
IsaLine isa_line(Bytes madt, std::uint8_t isa);

/// A piece of PCI configuration space in memory.
struct ConfigSpace {
  PhysRange registers;  ///< from those of the first bus on, 1 MiB a bus
  std::uint16_t segment = 0;
  std::uint8_t first_bus = 0;
  std::uint8_t last_bus = 0;
};

/// Number `index` of those in the table of signature MCFG (PCI Firmware Specification
/// 3.3 §4.1.2). kNoEntry. kBadMessage: buses or an address that cannot be.
Result<ConfigSpace> config_space(Bytes mcfg, std::size_t index);

}  // namespace atl::acpi
