// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

namespace atl::console_xen {

/// Makes the domain's console a sink. For the entry, in the final address space,
/// before boot(), so that a panic of the first boot step is seen. Once.
void attach();

}  // namespace atl::console_xen
