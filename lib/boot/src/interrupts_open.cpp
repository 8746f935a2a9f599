// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "interrupts.hpp"

#include <atoll/arch.hpp>

namespace atl {

void open_interrupts() { arch::Cpu::enable_interrupts(); }

}  // namespace atl
