// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "table.hpp"

#include <atoll/config/xen_grants.hpp>
#include <atoll/direct_map.hpp>
#include <atoll/lock.hpp>
#include <atoll/log.hpp>
#include <atoll/xen/grants.hpp>
#include <atoll/xen/pages.hpp>

namespace atl {
namespace xen {
namespace {

constexpr std::size_t kEntriesInFrame = kPageSize / sizeof(grant_entry_v1);

constinit IrqSpinLock lock;
constinit GrantTable table;  // under lock

// Has Xen put frame `index` of the table at `page`; it grows by that.
bool place(std::uint32_t index, PhysAddr page) {
  xen_add_to_physmap wanted{};
  wanted.domid = DOMID_SELF;
  wanted.space = XENMAPSPACE_grant_table;
  wanted.idx = index;
  wanted.gpfn = page.value() >> kPageShift;
  return hypercall(__HYPERVISOR_memory_op, XENMEM_add_to_physmap, wanted).ok();
}

}  // namespace

Result<GrantRef> grant(DomainId to, PhysAddr page, bool writable) {
  constexpr std::uint64_t kFrames = std::uint64_t{1} << 32;
  const std::uint64_t frame = page.value() >> kPageShift;
  if (!page.is_aligned(kPageSize) || frame >= kFrames) return fail(Errc::kInvalidArgument);
  const Guard guard{lock};
  return table.add(to, static_cast<std::uint32_t>(frame), writable);
}

Result<void> revoke(GrantRef ref) {
  const Guard guard{lock};
  return table.remove(ref);
}

std::size_t grants_left() {
  const Guard guard{lock};
  return table.left();
}

}  // namespace xen

Result<void> xen_grants_init() {
  const PhysRange room = xen::grant_room();
  std::uint32_t frames = 0;
  while (frames < config::xen_grants::kFrames && (frames + 1) * kPageSize <= room.size &&
         xen::place(frames, room.start + frames * kPageSize)) {
    ++frames;
  }
  if (frames == 0) {
    log::warning("xen_grants", "this domain has no grant table");
    return {};
  }
  auto* const entries = to_virtual(room.start).as<grant_entry_v1>();
  xen::table = xen::GrantTable{{entries, frames * xen::kEntriesInFrame}};
  return {};
}

}  // namespace atl
