// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace atl::cpu_start {

/// How trampoline.S begins: what its code takes from its own page.
struct Trampoline {
  std::array<std::byte, 8> jump;
  std::uint64_t root;  ///< of the page table, below 4 GiB
  std::uint64_t stack_top;
  void (*entry)(void* argument);
  void* argument;
};

}  // namespace atl::cpu_start

extern "C" {
extern const std::byte atoll_cpu_trampoline[];
extern const std::byte atoll_cpu_trampoline_end[];
}
