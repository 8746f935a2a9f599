// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "features.hpp"
#include "shoot_down.hpp"

#include <atoll/arch.hpp>
#include <atoll/arch/registers.hpp>

namespace atl::arch {

namespace {

/// Above this, one reload of CR3 is cheaper than an INVLPG per page.
constexpr std::uint64_t kPagesWorthNaming = 32;

constexpr std::uint64_t kRootMask = 0x000f'ffff'ffff'f000;

// RDSEED may be short of entropy for a while, RDRAND hardly ever: Intel's
// Digital Random Number Generator guide §5.2.1 asks for ten tries.
constexpr unsigned kTries = 10;

}  // namespace

void Cpu::set_cpu_local(CpuLocal& local) {
  local.self = &local;
  write_msr(msr::kGsBase, reinterpret_cast<std::uint64_t>(&local));
}

std::optional<std::uint64_t> Cpu::hardware_random() {
  std::uint64_t value = 0;
  bool good = false;
  for (unsigned i = 0; i < kTries && atoll_x86_has_rdseed && !good; ++i) {
    asm volatile("rdseed %0" : "=r"(value), "=@ccc"(good));
    if (!good) relax();
  }
  for (unsigned i = 0; i < kTries && atoll_x86_has_rdrand && !good; ++i) {
    asm volatile("rdrand %0" : "=r"(value), "=@ccc"(good));
  }
  if (!good) return std::nullopt;
  return value;
}

void forget_translations_here(VirtAddr address, PageCount pages) {
  if (pages.count > kPagesWorthNaming) {
    write_cr3(read_cr3());
    return;
  }
  for (std::uint64_t i = 0; i < pages.count; ++i) {
    asm volatile("invlpg (%0)" ::"r"(address.value() + i * kPageSize) : "memory");
  }
}

void Cpu::invalidate_translations(VirtAddr address, PageCount pages) {
  forget_translations_here(address, pages);
  if constexpr (kMaxCpus > 1) forget_translations_elsewhere(address, pages);
}

PhysAddr Cpu::kernel_page_table() { return PhysAddr{read_cr3() & kRootMask}; }

void Cpu::set_kernel_page_table(PhysAddr root) { write_cr3(root.value()); }

/// Caches are coherent; what was fetched ahead goes with a serialising
/// instruction, which a write of CR2 is (Intel SDM 3A §8.1.3, §8.3).
void Cpu::synchronize_code(VirtAddr, PageCount) {
  asm volatile("mov %0, %%cr2" ::"r"(std::uint64_t{0}) : "memory");
}

std::uint64_t Cpu::thread_pointer() {
  if (!atoll_x86_has_fsgsbase) return read_msr(msr::kFsBase);
  std::uint64_t value;
  asm volatile("rdfsbase %0" : "=r"(value)::"memory");
  return value;
}

void Cpu::set_thread_pointer(std::uint64_t value) {
  if (!atoll_x86_has_fsgsbase) {
    write_msr(msr::kFsBase, value);
    return;
  }
  asm volatile("wrfsbase %0" ::"r"(value) : "memory");
}

}  // namespace atl::arch
