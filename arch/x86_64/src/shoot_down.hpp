// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/types.hpp>

namespace atl::arch {

/// Of this CPU alone.
void forget_translations_here(VirtAddr address, PageCount pages);

/// Returns once every other CPU has forgotten them.
void forget_translations_elsewhere(VirtAddr address, PageCount pages);

}  // namespace atl::arch
