// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <cstdint>

namespace atl::posix {

/// Calls `function(argument)` on the stack that ends at `top`, as the calling thread and
/// with interrupts as they are. The function may leave by a jump.
void call_on_stack(std::uint64_t top, void (*function)(void* argument), void* argument);

}  // namespace atl::posix
