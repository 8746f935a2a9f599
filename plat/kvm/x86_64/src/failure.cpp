// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/arch/ports.hpp>
#include <atoll/boot_pvh/failure.hpp>
#include <cstdint>

namespace atl {

void boot_pvh::put_failure(char) {}

void boot_pvh::stop_failed() {
  // The keyboard controller's reset line, where there is one.
  constexpr arch::Ports kKeyboard{0x60};
  constexpr std::uint64_t kCommand = 4;
  constexpr std::uint8_t kPulseReset = 0xfe;
  kKeyboard.write<std::uint8_t>(kCommand, kPulseReset);
}

}  // namespace atl
