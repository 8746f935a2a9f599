// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/boot_info.hpp>
#include <atoll/types.hpp>
#include <atoll/xen/shared_page.hpp>

/// The pages that Xen and this domain share: they lie outside its RAM, and are in
/// the direct map all the same. What the toolstack did not give is null.
namespace atl::xen {

/// For the entry, once the loader's map is complete: has Xen put its shared
/// information behind the last page of `room`, physical addresses with nothing
/// behind them, and enters what is shared into `info`. The other pages of `room`
/// are for grants; an empty one leaves out both.
void claim_pages(BootInfo& info, PhysRange room);

/// Of this domain, or null.
SharedPage* shared();

/// The rings of console and xenstore; null where the domain has none.
VirtAddr console_page();
VirtAddr store_page();

/// Where frames of the grant table can be put, one page each.
PhysRange grant_room();

}  // namespace atl::xen
