// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "translation.hpp"

#include <atoll/arch.hpp>
#include <atoll/direct_map.hpp>

namespace atl::arch {
namespace {

// Beyond this many, forgetting everything is cheaper than one by one.
constexpr std::uint64_t kMostSingleInvalidations = 64;

// TLBI's operand for VAAE1: the page number (Arm ARM C5.5.67).
std::uint64_t page_operand(VirtAddr address) {
  return (address.value() >> kPageShift) & ((std::uint64_t{1} << 44) - 1);
}

}  // namespace

void Cpu::invalidate_translations(VirtAddr address, PageCount pages) {
  // The stores to the table come first, and nothing runs on old translations
  // afterwards (Arm ARM D8.14.5).
  asm volatile("dsb ishst" ::: "memory");
  if (pages.count > kMostSingleInvalidations) {
    asm volatile("tlbi vmalle1is" ::: "memory");
  } else {
    for (std::uint64_t i = 0; i < pages.count; ++i) {
      asm volatile("tlbi vaae1is, %0" ::"r"(page_operand(address + (i << kPageShift))) : "memory");
    }
  }
  asm volatile("dsb ish\n\tisb" ::: "memory");
}

void Cpu::set_kernel_page_table(PhysAddr root) {
  asm volatile(
      "dsb ishst\n\tmsr ttbr1_el1, %0\n\tisb\n\t"
      "tlbi vmalle1\n\tdsb nsh\n\tisb" ::"r"(root.value())
      : "memory");
}

void Cpu::synchronize_code(VirtAddr address, PageCount pages) {
  // Lines of the smallest size that any level has (CTR_EL0.DminLine), cleaned
  // to where instruction fetch sees them (Arm ARM B2.4.4).
  std::uint64_t cache_type;
  asm volatile("mrs %0, ctr_el0" : "=r"(cache_type));
  const std::uint64_t line = std::uint64_t{4} << ((cache_type >> 16) & 15);
  for (std::uint64_t offset = 0; offset < pages.bytes(); offset += line) {
    asm volatile("dc cvau, %0" ::"r"((address + offset).value()) : "memory");
  }
  asm volatile("dsb ish\n\tic ialluis\n\tdsb ish\n\tisb" ::: "memory");
}

void PageTableEntry::replace_block(std::uint64_t* slot, PageTableEntry entry, VirtAddr start,
                                   unsigned level) {
  const std::uint64_t size = std::uint64_t{kPageSize} << (9 * level);
  const bool reached_through_block = VirtAddr::of(slot).value() - start.value() < size;
  const auto state = Cpu::disable_interrupts();
  if (reached_through_block) {
    asm volatile("dsb ishst\n\tstr %1, [%0]" ::"r"(slot), "r"(entry.raw()) : "memory");
  } else {
    // One block of assembly, so that no access of the compiler's falls between.
    asm volatile(
        "dsb ishst\n\tstr xzr, [%0]\n\tdsb ishst\n\t"
        "tlbi vaae1is, %2\n\tdsb ish\n\tstr %1, [%0]" ::"r"(slot),
        "r"(entry.raw()), "r"(page_operand(start))
        : "memory");
  }
  Cpu::invalidate_translations(start, PageCount{1});
  Cpu::restore_interrupts(state);
}

std::uint64_t entry_for(VirtAddr address) {
  constexpr VirtAddr kKernelHalf{0xffff'0000'0000'0000};
  if (address < kKernelHalf) return 0;
  PhysAddr table = Cpu::kernel_page_table();
  for (unsigned level = 3;; --level) {
    const std::uint64_t index = (address.value() >> (kPageShift + 9 * level)) & 511;
    const std::uint64_t raw = to_virtual(table).as<const std::uint64_t>()[index];
    const PageTableEntry entry = PageTableEntry::from_raw(raw);
    if (!entry.is_present() || entry.is_leaf(level)) return raw;
    table = entry.address();
  }
}

std::uint64_t Cpu::translate(VirtAddr address) {
  // An interrupt's handler may translate too; PAR_EL1 is one per CPU.
  const auto state = disable_interrupts();
  std::uint64_t result;
  asm volatile("at s1e1r, %1\n\tisb\n\tmrs %0, par_el1"
               : "=r"(result)
               : "r"(address.value())
               : "memory");
  restore_interrupts(state);
  return result;
}

}  // namespace atl::arch
