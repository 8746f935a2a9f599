// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "idt.hpp"

#include <array>
#include <atoll/arch/interrupt_gates.hpp>

extern "C" const char atoll_x86_interrupt_stubs[];

namespace atoll::arch {

namespace {

constexpr std::size_t kVectors = 256;

constinit std::array<Gate, kVectors> all_gates{};

}  // namespace

void open_interrupt_gates() {
  if (all_gates[0].low == 0) {
    set_exception_gates(all_gates);
    const auto stubs = reinterpret_cast<std::uint64_t>(&atoll_x86_interrupt_stubs[0]);
    for (std::size_t i = 0; i < kVectors - kExceptions; ++i) {
      all_gates[kExceptions + i] = Gate::to(stubs + i * 4 + (i / 32) * 8, StackIndex::kInterrupt);
    }
    use_idt(all_gates);
  }
  load_idt();
}

}  // namespace atoll::arch
