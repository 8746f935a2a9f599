// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <cstdint>

/// The firmware's power services (Arm DEN 0022E, PSCI), called by the
/// instruction that the device tree names (binding arm,psci.yaml), hvc until the
/// tree has been read. Any context; takes no lock, allocates nothing.
namespace atl::psci {

/// §5.9. Returns only where the firmware does not know how.
void system_off();

/// §5.10. The same.
void system_reset();

/// Functions as DEN 0022E §5.1 numbers them; the result as §5.2.2.
std::int64_t call(std::uint32_t function, std::uint64_t a1 = 0, std::uint64_t a2 = 0,
                  std::uint64_t a3 = 0);

}  // namespace atl::psci
