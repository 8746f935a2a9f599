// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/pci_host.hpp>
#include <cstdint>

namespace atl::pci {

/// The bridge to `bus`, which lies on a bus of a lower number. kNotSupported: there is none.
Result<Location> bridge_to(const Host& host, std::uint8_t bus);

/// As whom the host sees what the function at `at` asks for: as another one where it lies behind
/// a bridge to a bus without PCI Express, on which nobody says who asks. kNotSupported: it lies
/// behind no bridge of this host.
Result<std::uint16_t> requester_of(const Host& host, Location at);

}  // namespace atl::pci
