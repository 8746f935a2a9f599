// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/arch/page_table_entry.hpp>
#include <atoll/types.hpp>

namespace atl::arch {

/// The entry that decides about `address` in this CPU's page table: a leaf, or
/// the absent one that ends the walk. Any context after the direct map stands.
PageTableEntry entry_for(VirtAddr address);

}  // namespace atl::arch
