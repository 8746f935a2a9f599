// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace atl::cstring {

/// Words as memory holds them, whatever was stored there.
typedef uint64_t __attribute__((may_alias)) Word;
typedef uint64_t __attribute__((may_alias, aligned(1))) LooseWord;
typedef uint32_t __attribute__((may_alias, aligned(1))) LooseHalf;

/// Keeps the compiler from recognising a loop as memcpy() or memset(), which it
/// would then call from their own definition.
inline void keep_loop() { asm volatile(""); }

inline uintptr_t misalignment(const void* address) {
  return reinterpret_cast<uintptr_t>(address) % sizeof(Word);
}

/// Zeroes whole blocks from `at` on, at most `count` bytes, by an instruction of
/// the architecture; how many bytes, 0 where there is none. Needs the MMU on.
size_t zero_blocks(unsigned char* at, size_t count);

}  // namespace atl::cstring
