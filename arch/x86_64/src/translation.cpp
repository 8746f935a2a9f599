// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "translation.hpp"

#include <atoll/arch.hpp>
#include <atoll/direct_map.hpp>

namespace atl::arch {

PageTableEntry entry_for(VirtAddr address) {
  constexpr std::uint64_t kHalf = std::uint64_t{1} << 47;
  if (address.value() + kHalf >= 2 * kHalf) return {};
  PageTableEntry entry;
  PhysAddr table = Cpu::kernel_page_table();
  for (unsigned level = 4; level-- > 0;) {
    const std::uint64_t index = (address.value() >> (kPageShift + 9 * level)) & 511;
    entry = PageTableEntry::from_raw(to_virtual(table).as<const std::uint64_t>()[index]);
    if (!entry.is_present() || entry.is_leaf(level)) break;
    table = entry.address();
  }
  return entry;
}

bool Cpu::readable(VirtAddr address) {
  const PageTableEntry entry = entry_for(address);
  return entry.is_present() && entry.memory() == Memory::kNormal;
}

}  // namespace atl::arch
