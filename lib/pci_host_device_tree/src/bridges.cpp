// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "bridges.hpp"

#include <optional>

namespace atl::pci {

Result<Location> bridge_to(const Host& host, std::uint8_t bus) {
  std::optional<Location> found;
  for (unsigned upper = host.first_bus; upper < bus && !found; ++upper) {
    for_each_function(*host.config, host.segment, static_cast<std::uint8_t>(upper),
                      [&](Location at, std::uint8_t type) {
                        if (type == kBridgeHeader &&
                            host.config->read<std::uint8_t>(at, registers::kSecondaryBus) == bus)
                          found = at;
                      });
  }
  if (!found) return fail(Errc::kNotSupported);
  return *found;
}

// PCI Express to PCI/PCI-X Bridge Specification 1.0 §2.3: such a bridge asks as device 0 of the
// bus behind it. A bridge without PCI Express asks as itself.
Result<std::uint16_t> requester_of(const Host& host, Location at) {
  constexpr std::uint8_t kExpress = 0x10;
  constexpr std::uint16_t kExpressFlags = 2;      // from the capability on
  constexpr std::uint16_t kFromExpressToPci = 7;  // PCI Express 5.0 §7.5.3.2, Device/Port Type
  std::uint16_t requester = at.requester();
  for (std::uint8_t bus = at.bus; bus != host.first_bus;) {
    const Location bridge = TRY(bridge_to(host, bus));
    const auto express = find_capability(*host.config, bridge, kExpress);
    if (!express.ok()) {
      requester = bridge.requester();
    } else {
      const auto flags = host.config->read<std::uint16_t>(
          bridge, static_cast<std::uint16_t>(express.value() + kExpressFlags));
      if ((flags >> 4 & 0xf) == kFromExpressToPci) requester = Location{.bus = bus}.requester();
    }
    bus = bridge.bus;
  }
  return requester;
}

}  // namespace atl::pci
