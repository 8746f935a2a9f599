// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <atoll/mmio.hpp>
#include <atoll/pci_config.hpp>
#include <atoll/types.hpp>
#include <cstdint>

namespace atl::pci {

/// Configuration space in memory (PCI Firmware Specification 3.3 §4.1, enhanced
/// configuration access): 4 KiB a function, 1 MiB a bus. A bus is mapped when it is
/// opened, and stays so.
class Ecam final : public ConfigSpace {
 public:
  static constexpr std::uint64_t kBusSize = 1 << 20;

  /// `registers` begin with those of `first_bus`.
  Ecam(PhysRange registers, std::uint8_t first_bus)
      : registers_(registers), first_bus_(first_bus) {}

 private:
  Result<void> do_open(std::uint8_t bus) override;
  std::uint32_t do_read(Location at, std::uint16_t offset, std::size_t bytes) override;
  void do_write(Location at, std::uint16_t offset, std::size_t bytes, std::uint32_t value) override;

  PhysRange registers_;
  std::uint8_t first_bus_;
  std::array<Mmio, 256> buses_{};
};

}  // namespace atl::pci
