// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/arch.hpp>

namespace atl::arch {

/// handle_interrupt() once something wants interrupts, so that an image without
/// a controller needs no lib/irq.
using InterruptEntry = void (*)(std::uint32_t vector, TrapFrame& frame);
extern InterruptEntry interrupt_entry;

}  // namespace atl::arch
