// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "bytes.hpp"

namespace atl::acpi {

// PCI Firmware Specification 3.3 §4.1.2, table 4-3.
Result<ConfigSpace> config_space(Bytes mcfg, std::size_t index) {
  constexpr std::size_t kFirstEntry = 44, kEntrySize = 16;
  constexpr std::uint64_t kBusSize = 1 << 20;
  if (mcfg.size() < kFirstEntry || index >= (mcfg.size() - kFirstEntry) / kEntrySize)
    return fail(Errc::kNoEntry);
  const Bytes entry = mcfg.subspan(kFirstEntry + index * kEntrySize, kEntrySize);
  ConfigSpace found{.registers = {},
                    .segment = number_at<std::uint16_t>(entry, 8),
                    .first_bus = byte_at(entry, 10),
                    .last_bus = byte_at(entry, 11)};
  const auto address = number_at<std::uint64_t>(entry, 0);
  if (found.last_bus < found.first_bus || address % kBusSize != 0 || address == 0 ||
      address >= std::uint64_t{1} << 51)
    return fail(Errc::kBadMessage);
  // The address is that of bus 0.
  found.registers = {PhysAddr{address + found.first_bus * kBusSize},
                     (found.last_bus - found.first_bus + 1u) * kBusSize};
  return found;
}

}  // namespace atl::acpi
