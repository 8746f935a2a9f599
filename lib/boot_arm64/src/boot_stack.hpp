// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <atoll/config/boot_arm64.hpp>
#include <atoll/types.hpp>
#include <cstddef>

namespace atl::boot_arm64 {

/// The stack that boot() and, without threads, main() run on.
struct alignas(kPageSize) BootStack {
  std::array<std::byte, kPageSize> guard;
  std::array<std::byte, config::boot_arm64::kStackKib * 1024> stack;
};

extern BootStack boot_stack;

}  // namespace atl::boot_arm64
