// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "identity_map.hpp"

#include <atoll/arch/boot.hpp>
#include <atoll/arch/page_table_entry.hpp>

#include <atoll/boot_arm64/image.hpp>

namespace atl::boot_arm64 {
namespace {

constexpr std::uint64_t kLargestAddress = std::uint64_t{1} << 48;
constexpr unsigned kRootLevel = 3;
constexpr unsigned kBlockLevel = 1;

std::uint64_t* entry_at(std::uint64_t table, std::uint64_t address, unsigned level) {
  const std::uint64_t index = (address >> (kPageShift + 9 * level)) & 511;
  return VirtAddr{table + index * 8}.as<std::uint64_t>();
}

// A page of zeros that no old cache line may overwrite. Not a loop that the
// compiler would make a call of memset; and DC ZVA needs the MMU.
void clear_page(std::uint64_t page) {
  const std::uint64_t end = page + kPageSize;
  atoll_arm64_forget_cache(page, end);
  while (page != end) {
    asm volatile(
        "stp xzr, xzr, [%0], #16\n\tstp xzr, xzr, [%0], #16\n\t"
        "stp xzr, xzr, [%0], #16\n\tstp xzr, xzr, [%0], #16\n\t"
        "stp xzr, xzr, [%0], #16\n\tstp xzr, xzr, [%0], #16\n\t"
        "stp xzr, xzr, [%0], #16\n\tstp xzr, xzr, [%0], #16"
        : "+r"(page)::"memory");
  }
}

}  // namespace

bool IdentityMap::map(std::uint64_t start, std::uint64_t end, arch::Memory memory) {
  if (start >= end || end > kLargestAddress) return false;
  // Code among it is made executable, data among it writable: what lives here
  // does so for microseconds, before anything foreign is looked at but the
  // device tree.
  for (std::uint64_t at = start & ~(kBlock - 1); at < end; at += kBlock) {
    std::uint64_t table = root_;
    for (unsigned level = kRootLevel; level != kBlockLevel; --level) {
      std::uint64_t* entry = entry_at(table, at, level);
      if (*entry == 0) {
        if (top_ == bottom_) return false;
        top_ -= kPageSize;
        clear_page(top_);
        *entry = arch::PageTableEntry::make_table(PhysAddr{top_}).raw();
      }
      table = arch::PageTableEntry::from_raw(*entry).address().value();
    }
    std::uint64_t* entry = entry_at(table, at, kBlockLevel);
    if (*entry != 0) continue;
    std::uint64_t raw =
        arch::PageTableEntry::make_leaf(PhysAddr{at}, arch::Access::kReadWrite, memory, kBlockLevel)
            .raw();
    if (memory == arch::Memory::kNormal) raw &= ~arch::PageTableEntry::kPrivilegedNoExecute;
    *entry = raw;
  }
  return true;
}

// Called by entry.S with the MMU off: the image and the device tree, which has
// at most 2 MiB by the boot protocol. The lowest page of the map, whose root is
// the highest.
extern "C" std::uint64_t atoll_boot_arm64_identity(std::uint64_t device_tree) {
  const std::uint64_t root = VirtAddr::of(__boot_identity_root).value();
  clear_page(root);
  IdentityMap map{root, root, VirtAddr::of(__boot_tables_start).value()};
  // What cannot be mapped faults when it is used, and is reported then.
  map.map(VirtAddr::of(__image_start).value(), root + kPageSize, arch::Memory::kNormal);
  map.map(device_tree, device_tree + IdentityMap::kBlock, arch::Memory::kNormal);
  return map.top();
}

}  // namespace atl::boot_arm64
