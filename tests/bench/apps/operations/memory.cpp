// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <array>
#include <atoll/alloc.hpp>
#include <atoll/assert.hpp>
#include <cstdint>

#include "operations.hpp"

namespace operations {

void allocate_and_free(unsigned times, std::size_t bytes) {
  atl::Allocator& allocator = atl::default_allocator();
  const auto once = [&] {
    void* const block = allocator.allocate(bytes);
    ATOLL_ASSERT(block != nullptr);
    allocator.free(block);
  };
  // By four, so that the loop costs little beside it.
  for (; times >= 4; times -= 4) once(), once(), once(), once();
  for (; times > 0; --times) once();
}

// Sizes as programs ask for them: most are small, the largest 32 KiB.
void allocation_mix(unsigned times) {
  atl::Allocator& allocator = atl::default_allocator();
  std::array<void*, 512> blocks{};
  std::uint32_t random = 1;
  for (; times > 0; --times) {
    random = random * 1664525u + 1013904223u;  // Knuth, TAOCP 2, 3.3.4, line 16
    void*& block = blocks[(random >> 8) % blocks.size()];
    if (block != nullptr) {
      allocator.free(block);
      block = nullptr;
    } else {
      const unsigned doublings = (random >> 20) % 12;
      block = allocator.allocate((16u << (doublings * (random >> 28) / 16)) + (random >> 17) % 16);
    }
  }
  for (void* const block : blocks) allocator.free(block);
}

}  // namespace operations
