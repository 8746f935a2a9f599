// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/alloc.hpp>

namespace atl {

/// With the option ALLOC_DEBUG: what becomes the default allocator in the place of
/// `chosen`, which it stands before. Called once, by the boot step of `alloc`;
/// lib/alloc_debug defines it. kNoMemory.
Result<Owned<Allocator>> checked_allocator(Owned<Allocator> chosen);

}  // namespace atl
