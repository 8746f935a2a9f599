// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/arch.hpp>
#include <atoll/basic_page_table.hpp>

namespace atl {

/// The page table that this machine's MMU walks.
using PageTable = BasicPageTable<arch::PageTableEntry>;

// One copy of the code in the image; src/page_table.cpp has it.
extern template class BasicPageTable<arch::PageTableEntry>;

}  // namespace atl
