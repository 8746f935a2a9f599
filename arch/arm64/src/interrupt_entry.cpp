// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "interrupt_entry.hpp"

#include <atoll/arch/interrupts.hpp>

namespace atl::arch {

void open_interrupts() { interrupt_entry = handle_interrupt; }

}  // namespace atl::arch
