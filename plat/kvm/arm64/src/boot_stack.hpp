// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <atoll/config/plat_kvm_arm64.hpp>
#include <atoll/types.hpp>
#include <cstddef>

namespace atl::kvm_arm64 {

/// The stack that boot() and, without threads, main() run on.
struct alignas(kPageSize) BootStack {
  std::array<std::byte, kPageSize> guard;
  std::array<std::byte, config::plat_kvm_arm64::kBootStackKib * 1024> stack;
};

extern BootStack boot_stack;

}  // namespace atl::kvm_arm64
