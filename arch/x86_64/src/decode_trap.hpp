// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/arch.hpp>

namespace atl::arch {

/// The exception saved in `frame` in the terms of the arch interface.
/// `fault_address` is CR2, `guard` whether a guard page lies there; both count
/// for page faults only.
Trap decode_trap(TrapFrame& frame, VirtAddr fault_address, bool guard);

}  // namespace atl::arch
