// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/arch.hpp>
#include <atoll/arch/exception_stack.hpp>

namespace atl::arch {

void Cpu::set_cpu_local(CpuLocal& local) {
  local.self = &local;
  local.arch = &exception_stacks[local.index];
  asm volatile("msr tpidr_el1, %0" ::"r"(&local) : "memory");
  if constexpr (kMaxCpus > 1) set_current_thread(local.current_thread);
}

std::optional<std::uint64_t> Cpu::hardware_random() {
  std::uint64_t features;
  asm volatile("mrs %0, id_aa64isar0_el1" : "=r"(features));
  if ((features >> 60) == 0) return std::nullopt;  // FEAT_RNG
  // RNDR may run dry for a while and says so in the Z flag (Arm ARM K14.1).
  for (unsigned tries = 0; tries < 16; ++tries) {
    std::uint64_t value;
    std::uint64_t gave;
    asm volatile("mrs %0, s3_3_c2_c4_0\n\tcset %1, ne" : "=r"(value), "=r"(gave)::"cc");
    if (gave != 0) return value;
    relax();
  }
  return std::nullopt;
}

}  // namespace atl::arch
