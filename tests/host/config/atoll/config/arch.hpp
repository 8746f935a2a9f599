// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <cstdint>

/// Options of the arch interface in host tests: several CPUs, so that locks
/// are real.
namespace atl::config::arch {
inline constexpr std::uint64_t kMaxCpus = 4;
}  // namespace atl::config::arch
