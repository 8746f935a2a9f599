// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/boot_info_entry.hpp>
#include <atoll/direct_map.hpp>
#include <atoll/xen/abi.hpp>
#include <atoll/xen/hypercall.hpp>
#include <atoll/xen/pages.hpp>

#include "layout.h"

namespace atl::xen {

namespace {

static_assert(sizeof(SharedCpu) == LAYOUT_CPU_SIZE && offsetof(SharedCpu, pending_words) == 8 &&
              offsetof(SharedCpu, time) == LAYOUT_TIME);
static_assert(offsetof(SharedPage, pending) == LAYOUT_PENDING &&
              offsetof(SharedPage, masked) == LAYOUT_MASKED &&
              offsetof(SharedPage, wall_version) == LAYOUT_WALL &&
              offsetof(SharedPage, wall_seconds_high) == LAYOUT_WALL + 12);

// Found by the entry at the load address, used at the virtual one: no pointers.
constinit PhysAddr shared_page;
constinit PhysAddr console;
constinit PhysAddr store;
constinit PhysRange grants;

VirtAddr mapped(PhysAddr page) { return page == PhysAddr{} ? VirtAddr{} : to_virtual(page); }

bool put_shared_info(PhysAddr page) {
  xen_add_to_physmap wanted{};
  wanted.domid = DOMID_SELF;
  wanted.space = XENMAPSPACE_shared_info;
  wanted.gpfn = page.value() >> kPageShift;
  return hypercall(__HYPERVISOR_memory_op, XENMEM_add_to_physmap, wanted).ok();
}

/// A page that the toolstack has named; 0 where it has not (of what a tool sets late,
/// the value is all ones until then).
PhysAddr named_page(BootInfo& info, std::uint32_t index) {
  constexpr std::uint64_t kPastAllFrames = std::uint64_t{1} << (52 - kPageShift);
  const std::uint64_t frame = parameter(index).value_or(0);
  if (frame == 0 || frame >= kPastAllFrames) return {};
  const PhysAddr page{frame << kPageShift};
  boot_entry::share(info, {page, kPageSize});
  return page;
}

}  // namespace

void claim_pages(BootInfo& info, PhysRange room) {
  console = named_page(info, HVM_PARAM_CONSOLE_PFN);
  store = named_page(info, HVM_PARAM_STORE_PFN);
  if (room.empty()) return;
  const PhysAddr last = room.end() - kPageSize;
  if (!put_shared_info(last)) return;
  shared_page = last;
  grants = {room.start, room.size - kPageSize};
  boot_entry::share(info, room);
}

SharedPage* shared() {
  const VirtAddr page = mapped(shared_page);
  return page == VirtAddr{} ? nullptr : page.as<SharedPage>();
}

VirtAddr console_page() { return mapped(console); }
VirtAddr store_page() { return mapped(store); }
PhysRange grant_room() { return grants; }

}  // namespace atl::xen
