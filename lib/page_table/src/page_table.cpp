// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/page_table.hpp>

namespace atl {

template class BasicPageTable<arch::PageTableEntry>;

}  // namespace atl
