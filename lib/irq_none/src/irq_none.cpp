// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/arch.hpp>
#include <atoll/panic.hpp>

namespace atl::arch {

void handle_interrupt(std::uint32_t, TrapFrame&) {
  panic("an interrupt came, and the image has no interrupt controller");
}

}  // namespace atl::arch
