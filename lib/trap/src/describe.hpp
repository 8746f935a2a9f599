// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/arch.hpp>
#include <cstddef>
#include <span>

namespace atl::trap {

inline constexpr std::size_t kDescriptionBytes = 160;

/// What `trap` was and most likely means, in one line, written to `room` (at
/// least kDescriptionBytes): "page fault: write to 0x8 (null pointer)". Returns
/// its start.
const char* describe(const arch::Trap& trap, std::span<char> room);

}  // namespace atl::trap
