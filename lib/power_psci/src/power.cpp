// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/arch/semihosting.hpp>
#include <atoll/power.hpp>
#include <atoll/psci.hpp>

namespace atl::power {

void off() { psci::system_off(); }

// A monitor reports a reset apart from a power-off (QEMU's SHUTDOWN event:
// guest-reset), and a supervisor that restarts its guests gets a restart.
void crash() { psci::system_reset(); }

void debug_exit(std::string_view device, std::uint8_t status) {
  if (device == "semihosting") arch::semihosting_exit(status);
}

}  // namespace atl::power
