// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/arch.hpp>

namespace atl::arch {

/// What the exception described by `frame`'s ESR is.
Trap decode_trap(TrapFrame& frame);

/// An abort that the caches of the MMU made up, and that a retry will not see
/// again: the fault status says that a translation is missing (`true`) or
/// that two conflict.
bool is_translation_fault(const TrapFrame& frame);
bool is_tlb_conflict(const TrapFrame& frame);

}  // namespace atl::arch
