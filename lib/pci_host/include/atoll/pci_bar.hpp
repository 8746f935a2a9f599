// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/pci_config.hpp>
#include <atoll/result.hpp>
#include <cstdint>

namespace atl::pci {

/// Base address registers of a device, and of a bridge.
inline constexpr unsigned kDeviceBars = 6, kBridgeBars = 2;

/// What a base address register is, asks for and holds (PCI Local Bus 3.0 §6.2.5.1).
struct BaseAddress {
  bool is_port = false;
  bool is_wide = false;  ///< of 64 bits, in two registers
  bool prefetchable = false;
  std::uint64_t size = 0;     ///< a power of two; 0: not in use
  std::uint64_t address = 0;  ///< 0: none assigned
};

/// Whether register `index` is the lower half of a pair.
bool is_wide_bar(ConfigSpace& config, Location at, unsigned index);

/// Asks register `index` of `count`, with the function's decoding off for the moment:
/// before a driver uses the device. kBadMessage for a type or a size that cannot be.
Result<BaseAddress> read_bar(ConfigSpace& config, Location at, unsigned index, unsigned count);

/// Writes what read_bar() has told of.
void write_bar(ConfigSpace& config, Location at, unsigned index, const BaseAddress& bar,
               std::uint64_t address);

}  // namespace atl::pci
