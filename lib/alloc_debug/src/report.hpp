// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/alloc_debug.hpp>

namespace atl::alloc_debug {

/// Says what is wrong on the console, and panics.
void report(Misuse misuse, std::uintptr_t address, const DebugBlock* block);

/// A line for `block`, and where it was allocated.
void write_lost(const DebugBlock& block);
/// "4 blocks of 300 bytes are lost", and what to read places with.
void write_sum(std::size_t blocks, std::size_t bytes);

}  // namespace atl::alloc_debug
