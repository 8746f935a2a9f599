// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/types.hpp>
#include <cstdint>

namespace atl::arch {

/// The entry of the kernel's page table that decides about `address`, present or
/// not; 0 outside the kernel's half. Not before the kernel's half is in use.
std::uint64_t entry_for(VirtAddr address);

}  // namespace atl::arch
