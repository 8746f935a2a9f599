// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <cstdint>

namespace atl::arch {

/// A thread that does not run. Its registers lie on its own stack from `sp`
/// upwards: x19..x30, d8..d15 (AAPCS64 §6.1), FPCR, FPSR and TPIDR_EL0.
struct Context {
  std::uintptr_t sp = 0;
};

}  // namespace atl::arch
