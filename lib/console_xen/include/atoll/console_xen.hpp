// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

namespace atl::console_xen {

/// Makes the ring that the toolstack shares with the domain a console sink; false
/// where the domain has none. For the entry, in the final address space, before
/// boot(), so that a panic of the first boot step is seen. Once.
bool attach_ring();

/// Makes Xen's own console a sink, where this domain may write there. As above.
void attach_hypervisor();

}  // namespace atl::console_xen
