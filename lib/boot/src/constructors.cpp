// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/generated.hpp>

// The linker script's bounds of .init_array (System V ABI, Initialization and
// Termination Functions).
extern "C" {
using Constructor = void (*)();
extern const Constructor __init_array_start[];
extern const Constructor __init_array_end[];
}

namespace atl::generated {

void run_constructors() {
  for (const Constructor* at = __init_array_start; at != __init_array_end; ++at) (*at)();
}

}  // namespace atl::generated
