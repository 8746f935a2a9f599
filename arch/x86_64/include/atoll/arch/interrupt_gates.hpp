// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <cstdint>

namespace atl::arch {

/// Lets `vector`, 32..255, through to arch::handle_interrupt(), on every CPU;
/// again changes nothing. One that comes through a closed gate is a panic
/// (protection fault, Intel SDM 3A §6.15), so open it before a controller can
/// deliver it. Any context; an image that takes no interrupts does not hold
/// their entry.
void open_interrupt_gate(std::uint8_t vector);

}  // namespace atl::arch
