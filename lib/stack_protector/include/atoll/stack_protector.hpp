// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <cstdint>

/// The canary between a function's arrays and its return address
/// (-fstack-protector-strong, -mstack-protector-guard=global).
namespace atl::stack_protector {

/// Chooses the canary; its lowest byte is made 0 so that string functions stop
/// at it. Called once by the entry, before the image's relocated data becomes
/// read-only (the canary lies in .data.rel.ro) and from a function that never
/// returns or has no canary itself. `entropy` comes from the best source that
/// the machine has by then.
void set(std::uint64_t entropy);

}  // namespace atl::stack_protector
