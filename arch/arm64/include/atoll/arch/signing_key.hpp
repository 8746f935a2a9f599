// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <cstdint>

namespace atl::arch {

/// Key A for instructions, which signs return addresses (Arm ARM D19.2.62, D19.2.63).
struct SigningKey {
  std::uint64_t low;
  std::uint64_t high;
};

/// This CPU's; zeros where it has none. All CPUs need the same, since a thread's return
/// addresses go with it. Any context.
SigningKey signing_key();

}  // namespace atl::arch
