// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/page_table.hpp>

namespace atoll {

template class BasicPageTable<arch::PageTableEntry>;

}  // namespace atoll
