// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/acpi_tables.hpp>

/// The ACPI tables of this machine, found through boot_info().acpi_rsdp. Tables
/// outside the direct map are mapped, so these functions are for boot steps
/// and threads, not for interrupt handlers, except where they say otherwise.
namespace atl::acpi {

/// Number `index` of the tables named `signature`. kNoEntry where the machine
/// has no such table or no ACPI, kBadMessage where it is broken, kBadAddress
/// where it cannot be mapped.
Result<Bytes> table(Signature signature, std::size_t index = 0);

/// The fixed description table, read once. Errors as table().
Result<const Fixed*> fixed();

/// The table at `address`, readable but unchecked: for what is checked later,
/// when nothing can be mapped any more. kBadMessage for an impossible size,
/// kBadAddress.
Result<Bytes> map_unchecked(PhysAddr address);

/// A register of the fixed hardware, mapped where it lies in memory.
class MappedRegister {
 public:
  constexpr MappedRegister() = default;
  /// Absent where `where` is, lies across a page's end, or finds no memory for
  /// its mapping.
  static MappedRegister of(const Register& where);

  [[nodiscard]] bool present() const { return address_ != 0; }
  /// Any context; 0 of an absent one.
  [[nodiscard]] std::uint32_t read() const;
  /// Any context; nothing to an absent one.
  void write(std::uint32_t value) const;

 private:
  std::uint64_t address_ = 0;  // virtual, or a port
  Register::Space space_ = Register::Space::kMemory;
  std::uint8_t bytes_ = 0;
};

}  // namespace atl::acpi
