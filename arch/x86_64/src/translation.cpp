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

bool Cpu::readable(VirtAddr address) { return entry_for(address).is_present(); }

std::size_t Cpu::backtrace(std::uintptr_t frame, std::span<std::uintptr_t> out) {
  // Frames of one stack lie this close together.
  constexpr std::uintptr_t kFarthest = 1 << 20;
  std::size_t count = 0;
  while (count < out.size() && frame % sizeof(std::uintptr_t) == 0 && readable(VirtAddr{frame}) &&
         readable(VirtAddr{frame + sizeof(std::uintptr_t)})) {
    // The saved frame pointer, and above it the return address.
    const auto* saved = reinterpret_cast<const std::uintptr_t*>(frame);
    if (saved[1] == 0) break;
    out[count++] = saved[1];
    if (saved[0] <= frame || saved[0] - frame > kFarthest) break;
    frame = saved[0];
  }
  return count;
}

}  // namespace atl::arch
