// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "idt.hpp"

#include <array>

#include "entry_stubs.inc"

extern "C" const char atoll_x86_exception_stubs[];

namespace atl::arch {

namespace {

/// What LIDT reads (Intel SDM 3A §6.10).
struct [[gnu::packed]] TableRegister {
  std::uint16_t limit;
  std::uint64_t base;
};

constexpr std::size_t kExceptions = 32;
constexpr std::size_t kNonMaskable = 2;
constexpr std::size_t kDoubleFault = 8;
constexpr std::size_t kMachineCheck = 18;

/// All vectors; absent ones are zeros.
constinit std::array<Gate, 256> gates{};

std::uint64_t stub_of(std::size_t vector) {
  return reinterpret_cast<std::uint64_t>(&atoll_x86_exception_stubs[0]) +
         (vector + vector / 16) * ATOLL_EXCEPTION_STUB;
}

}  // namespace

void set_exception_gates() {
  for (std::size_t i = 0; i < kExceptions; ++i) {
    gates[i] = Gate::to(stub_of(i), StackIndex::kException);
  }
  // What comes while another exception's stack may be the trouble has a stack of
  // its own (Intel SDM 3A §6.14.5).
  gates[kNonMaskable] = Gate::to(stub_of(kNonMaskable), StackIndex::kNonMaskable);
  gates[kDoubleFault] = Gate::to(stub_of(kDoubleFault), StackIndex::kDoubleFault);
  gates[kMachineCheck] = Gate::to(stub_of(kMachineCheck), StackIndex::kDoubleFault);
}

void set_gate(std::uint8_t vector, Gate gate) { gates[vector] = gate; }

void load_idt() {
  const TableRegister table{sizeof gates - 1, reinterpret_cast<std::uint64_t>(gates.data())};
  asm volatile("lidt %0" ::"m"(table) : "memory");
}

}  // namespace atl::arch
