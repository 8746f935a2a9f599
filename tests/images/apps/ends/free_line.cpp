// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "free_line.hpp"

#include <atoll/arch.hpp>
#include <atoll/irq.hpp>

std::optional<std::uint32_t> connect_free_line(void (*handler)(void*)) {
  auto& root = atl::irq::root();
  for (std::uint32_t line = 100; line < 250; ++line) {
    if (!root.connect(line, atl::irq::Trigger::kEdgeRising, handler, nullptr)) continue;
    root.unmask(line);
    atl::arch::Cpu::enable_interrupts();
    return line;
  }
  return std::nullopt;
}
