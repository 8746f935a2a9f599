// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "idt.hpp"

extern "C" const char atoll_x86_exception_stubs[];

namespace atoll::arch {

namespace {

/// What LIDT reads (Intel SDM 3A §6.10).
struct [[gnu::packed]] TableRegister {
  std::uint16_t limit;
  std::uint64_t base;
};

constinit TableRegister table{};

/// An exception that comes while another one's stack may be the trouble has a
/// stack of its own (Intel SDM 3A §6.14.5).
StackIndex stack_of(std::size_t vector) {
  constexpr std::size_t kNonMaskable = 2;
  constexpr std::size_t kDoubleFault = 8;
  constexpr std::size_t kMachineCheck = 18;
  if (vector == kNonMaskable) return StackIndex::kNonMaskable;
  if (vector == kDoubleFault || vector == kMachineCheck) return StackIndex::kDoubleFault;
  return StackIndex::kException;
}

}  // namespace

void set_exception_gates(std::span<Gate> gates) {
  const auto stubs = reinterpret_cast<std::uint64_t>(&atoll_x86_exception_stubs[0]);
  for (std::size_t i = 0; i < kExceptions; ++i) {
    gates[i] = Gate::to(stubs + i * 8 + (i / 16) * 8, stack_of(i));
  }
}

void use_idt(std::span<Gate> gates) {
  table.limit = static_cast<std::uint16_t>(gates.size_bytes() - 1);
  table.base = reinterpret_cast<std::uint64_t>(gates.data());
}

void load_idt() { asm volatile("lidt %0" ::"m"(table) : "memory"); }

}  // namespace atoll::arch
