// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <cstdint>

namespace atl::arch {

/// Shuts the processor down by an exception that cannot be delivered, nor its
/// successors (Intel SDM 3A §6.15, double fault): a machine or its monitor
/// answers with a reset. Any context. Never returns.
[[noreturn]] inline void triple_fault() {
  struct [[gnu::packed]] {
    std::uint16_t limit = 0;
    std::uint64_t base = 0;
  } const no_gates;
  for (;;) asm volatile("lidt %0\n\tud2" ::"m"(no_gates));
}

}  // namespace atl::arch
