// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <array>
#include <atoll/arch.hpp>
#include <atoll/arch/cpuid.hpp>
#include <atoll/arch/interrupt_gates.hpp>
#include <atoll/arch/registers.hpp>
#include <atoll/lapic.hpp>
#include <atoll/mmio.hpp>
#include <atoll/result.hpp>
#include <atoll/vm.hpp>

#include "shoot_down.hpp"

namespace atl {
namespace {

using lapic::Register;

// SDM 4, table 2-2, IA32_APIC_BASE.
constexpr std::uint32_t kBaseMsr = 0x1b;
constexpr std::uint64_t kX2apicEnable = 1 << 10;
constexpr std::uint64_t kEnable = 1 << 11;
constexpr std::uint64_t kAddressMask = 0x000f'ffff'ffff'f000;
constexpr std::uint32_t kX2apicFirstMsr = 0x800;  // SDM 3A §11.12.1.2

constexpr arch::CpuFeature kHasApic{1, &arch::Cpuid::edx, 9};

// Unmapped in x2APIC mode: its base is 0.
constinit Mmio page;
// By CPU index.
constinit std::array<std::uint32_t, kMaxCpus> names{};

constexpr std::uint32_t msr_of(Register which) {
  return kX2apicFirstMsr + (static_cast<std::uint32_t>(which) >> 4);
}

// §11.4.4, §11.12.5: a fresh APIC hands on nothing until its software enable
// bit is set, with all local vectors masked. Firmware may have left LINT0 open
// to the 8259 (as virtual wire); that pin is the 8259's only way in, so that
// masking it silences one that is there, and costs nothing where none is.
void enable() {
  constexpr std::uint32_t kSoftwareEnable = 1u << 8;
  lapic::write(Register::kLocalInterrupt0, lapic::kMasked);
  lapic::write(Register::kTaskPriority, 0);
  lapic::write(Register::kSpurious, kSoftwareEnable | lapic::kSpuriousVector);
}

}  // namespace

namespace lapic {

bool is_x2apic() { return page.base().value() == 0; }

std::uint32_t read(Register which) {
  if (is_x2apic()) return static_cast<std::uint32_t>(arch::read_msr(msr_of(which)));
  return page.read<std::uint32_t>(static_cast<std::uint64_t>(which));
}

void write(Register which, std::uint32_t value) {
  if (is_x2apic()) return arch::write_msr(msr_of(which), value);
  page.write<std::uint32_t>(static_cast<std::uint64_t>(which), value);
}

void write_command(std::uint64_t value) {
  // Writes of these MSRs do not wait for stores before them (§11.12.3).
  asm volatile("mfence\n\tlfence" ::: "memory");
  arch::write_msr(msr_of(Register::kCommandLow), value);
}

void let_through(std::uint8_t vector) { arch::open_interrupt_gate(vector); }

std::uint32_t boot_id() { return names[0]; }

std::uint32_t id_of(std::uint32_t cpu) { return names[cpu]; }

}  // namespace lapic

Result<void> irq_lapic_init_cpu() {
  const std::uint64_t base = arch::read_msr(kBaseMsr);
  const std::uint64_t wanted = kEnable | (lapic::is_x2apic() ? kX2apicEnable : 0);
  // §11.12.5: from disabled straight to x2APIC is an illegal transition.
  if ((base & kEnable) == 0) arch::write_msr(kBaseMsr, base | kEnable);
  if ((base & wanted) != wanted) arch::write_msr(kBaseMsr, base | wanted);
  arch::open_interrupt_gate(lapic::kSpuriousVector);
  enable();
  const std::uint32_t id = lapic::read(Register::kId);
  names[arch::Cpu::cpu_local().index] = lapic::is_x2apic() ? id : id >> 24;
  return {};
}

Result<void> irq_lapic_init() {
  const arch::Cpuid features = arch::Cpuid::read(1);
  if (!kHasApic.in(features)) return fail(Errc::kNoDevice);
  const std::uint64_t base = arch::read_msr(kBaseMsr);
  if (!arch::feature::kX2apic.in(features)) {
    const PhysRange registers{PhysAddr{base & kAddressMask}, kPageSize};
    page = Mmio{TRY(vm::map_device(registers))};
  }
  TRY(irq_lapic_init_cpu());
  if constexpr (kMaxCpus > 1) TRY(irq::connect_shoot_downs());
  return {};
}

}  // namespace atl
