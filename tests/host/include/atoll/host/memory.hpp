// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <cstddef>

/// Fakes of default_allocator() (src/allocator.cpp, over malloc, so that ASan
/// watches) and of vm's stacks (src/stacks.cpp, with a real guard page).
namespace atl::host {

/// Blocks of default_allocator() in use.
std::size_t live_blocks();
/// Stacks in use.
std::size_t live_stacks();

inline constexpr std::size_t kNever = ~std::size_t{0};

/// Lets `count` more allocations succeed and fails all after them; kNever ends
/// it.
void fail_allocations_after(std::size_t count);
void fail_stacks_after(std::size_t count);

}  // namespace atl::host
