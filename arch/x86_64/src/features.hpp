// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <cstdint>

/// What enable_cpu_features() found on the boot CPU; the others are alike.
extern "C" {
extern bool atoll_x86_has_fsgsbase;
extern bool atoll_x86_has_rdseed;
extern bool atoll_x86_has_rdrand;

/// What XSAVE saves (XCR0), and into how many bytes; 0 and those of FXSAVE where the
/// CPU has only that.
extern std::uint64_t atoll_x86_vector_state;
extern std::uint32_t atoll_x86_vector_bytes;
}
