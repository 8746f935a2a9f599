// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <cstddef>
#include <cstdint>

namespace atl::cpu_start {

/// What entry.S takes, with the MMU off, from memory: what atoll_arm64_enable_mmu() and
/// atoll_arm64_enter_kernel() are called with. No other data shares its cache lines.
struct alignas(256) Handover {
  std::uint64_t temporary_root;
  std::uint64_t root;
  std::uint64_t delta;
  std::uint64_t stack_top;
  std::uint64_t entry;
  std::uint64_t key_low;
  std::uint64_t key_high;
  std::uint64_t exception_stack;
  std::uint64_t argument;
};
static_assert(offsetof(Handover, argument) == 64);

}  // namespace atl::cpu_start

extern "C" const char atoll_cpu_start_entry[];
