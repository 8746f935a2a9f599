// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/arch.hpp>
#include <atoll/lapic.hpp>

namespace atl::lapic {
namespace {

// The last message of the xAPIC must have left before the next one is written
// (§11.6.1, delivery status). In a virtual machine it always has.
void wait_for_idle() {
  constexpr std::uint32_t kSendPending = 1u << 12;
  for (int tries = 1000; tries > 0; --tries) {
    if ((read(Register::kCommandLow) & kSendPending) == 0) return;
  }
}

}  // namespace

void send(std::uint32_t destination, std::uint32_t command) {
  if (is_x2apic()) return write_command(std::uint64_t{destination} << 32 | command);
  const auto state = arch::Cpu::disable_interrupts();
  wait_for_idle();
  write(Register::kCommandHigh, destination << 24);
  write(Register::kCommandLow, command);
  arch::Cpu::restore_interrupts(state);
}

}  // namespace atl::lapic
