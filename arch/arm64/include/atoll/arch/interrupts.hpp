// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

namespace atl::arch {

/// From now on interrupts go to handle_interrupt(), on every CPU. For the root
/// controller, before it lets the first one through; until then an interrupt is
/// a trap of kind kOther.
void open_interrupts();

}  // namespace atl::arch
