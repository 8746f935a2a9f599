// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/boot.hpp>
#include <atoll/boot_pvh/platform.hpp>
#include <atoll/console_xen.hpp>
#include <atoll/xen/hypercall.hpp>
#include <atoll/xen/pages.hpp>

#include "memory_map.hpp"

namespace atl {

const char* boot_pvh::recognise() {
  return xen::detect() ? nullptr : "this image is for Xen, and does not run on it";
}

boot_pvh::MemoryMap boot_pvh::other_memory_map() { return xen_x86_64::ask_memory_map; }

void boot_pvh::prepare(BootInfo& info) { xen::claim_pages(info, xen_x86_64::unused_room(info)); }

void boot_pvh::start() {
  if (!console_xen::attach_ring()) console_xen::attach_hypervisor();
  boot();
}

}  // namespace atl
