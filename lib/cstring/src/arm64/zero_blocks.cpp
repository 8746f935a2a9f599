// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "../blocks.hpp"

namespace atl::cstring {

// DC ZVA (Arm ARM C5.3.15), where it is allowed and has the usual 64 bytes.
size_t zero_blocks(unsigned char* at, size_t count) {
  constexpr uint64_t kUsual = 4;  // DCZID_EL0: DZP clear, 2^4 words
  constexpr size_t kBlock = 64, kStep = 4 * kBlock;
  uint64_t kind;
  asm("mrs %0, dczid_el0" : "=r"(kind));
  if (kind != kUsual || reinterpret_cast<uintptr_t>(at) % kBlock != 0) return 0;
  const size_t whole = count & ~(kStep - 1);
  for (unsigned char* const end = at + whole; at != end; at += kStep) {
    asm volatile(
        "dc zva, %0\n\t"
        "dc zva, %1\n\t"
        "dc zva, %2\n\t"
        "dc zva, %3"
        :
        : "r"(at), "r"(at + kBlock), "r"(at + 2 * kBlock), "r"(at + 3 * kBlock)
        : "memory");
  }
  return whole;
}

}  // namespace atl::cstring
