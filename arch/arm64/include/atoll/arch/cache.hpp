// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <atoll/types.hpp>
#include <cstdint>

namespace atl::arch {

/// Writes [start, start + size) through to memory, where a CPU without caches reads it
/// (Arm ARM B2.4.4). Any context.
inline void clean_cache(VirtAddr start, std::uint64_t size) {
  std::uint64_t cache_type;
  asm volatile("mrs %0, ctr_el0" : "=r"(cache_type));
  const std::uint64_t line = std::uint64_t{4} << ((cache_type >> 16) & 15);
  for (std::uint64_t offset = 0; offset < size; offset += line) {
    asm volatile("dc cvac, %0" ::"r"((start + offset).value()) : "memory");
  }
  asm volatile("dsb sy" ::: "memory");
}

}  // namespace atl::arch
