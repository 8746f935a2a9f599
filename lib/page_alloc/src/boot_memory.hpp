// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/boot_info.hpp>

#include "page_allocator.hpp"

namespace atl::page_alloc {

/// Gives `allocator` the whole pages of the usable regions of `info`, except
/// page 0. That a usable region holds nothing and meets no other is the promise
/// of atoll/boot_info_entry.hpp, which checks what loaders say.
void add_boot_memory(PageAllocator& allocator, const BootInfo& info);

}  // namespace atl::page_alloc
