// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

namespace atoll::arch {

/// Opens the vectors 32..255: each then ends in arch::handle_interrupt(). On
/// the boot CPU before a controller delivers anything, and on each further CPU
/// after init_cpu(), with interrupts masked. An image that takes no interrupts
/// never calls it and does not hold the gates.
void open_interrupt_gates();

}  // namespace atoll::arch
