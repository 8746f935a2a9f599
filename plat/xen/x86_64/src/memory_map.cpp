// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "memory_map.hpp"

#include <array>
#include <atoll/boot_info_entry.hpp>
#include <atoll/boot_pvh/start_info.hpp>
#include <atoll/xen/abi.hpp>
#include <atoll/xen/hypercall.hpp>

namespace atl::xen_x86_64 {

namespace {

/// One entry of the answer to XENMEM_memory_map, as the BIOS call E820 has it (ACPI
/// 6.5 §15.1).
struct [[gnu::packed]] Entry {
  std::uint64_t start;
  std::uint64_t size;
  std::uint32_t type;
};
static_assert(sizeof(Entry) == 20);

// On the entry's stack of a page.
constexpr std::uint32_t kMostEntries = 64;

}  // namespace

const char* ask_memory_map(BootInfo& info) {
  std::array<Entry, kMostEntries> entries;
  xen_memory_map wanted{};
  wanted.nr_entries = kMostEntries;
  set_xen_guest_handle(wanted.buffer, entries.data());
  if (!xen::hypercall(__HYPERVISOR_memory_op, XENMEM_memory_map, wanted).ok()) {
    return "Xen gives this domain no memory map";
  }
  if (wanted.nr_entries > kMostEntries) return "the memory map of Xen is too long";
  for (std::uint32_t i = 0; i < wanted.nr_entries; ++i) {
    const Entry entry = entries[i];
    boot_entry::add_region(info, {PhysAddr{entry.start}, entry.size},
                           boot_pvh::kind_of_e820(entry.type));
  }
  return nullptr;
}

PhysRange unused_room(const BootInfo& info) {
  constexpr std::uint64_t kTableSpan = 2 << 20;  // so that one table maps it
  // Below lie devices that no map names. As much as Xen lets a grant table grow by
  // default, and one more.
  PhysRange room{PhysAddr{std::uint64_t{4} << 30}, 65 * kPageSize};
  for (std::size_t i = 0; i < info.region_count; ++i) {
    const PhysRange& taken = info.regions[i].range;
    if (taken.end() <= room.start || room.end() <= taken.start) continue;
    room.start = taken.end().align_up(kTableSpan);
    i = ~std::size_t{0};  // another region may be there
  }
  return room;
}

}  // namespace atl::xen_x86_64
