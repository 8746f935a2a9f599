// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
// The library's functions under names of their own: the process keeps the
// host's. Both implementations of the memory functions are built here.
#include <string.h>

#define memcmp tested_memcmp
#define memchr tested_memchr
#define strlen tested_strlen
#define strcmp tested_strcmp
#define strncmp tested_strncmp
#define strchr tested_strchr
#include "../src/string.cpp"  // NOLINT: the file under test

#include "../src/blocks.hpp"

// As an architecture with an instruction for it has it: whole steps of 256 bytes.
size_t atl::cstring::zero_blocks(unsigned char* at, size_t count) {
  const size_t whole = count & ~size_t{255};
  for (size_t i = 0; i < whole; ++i) at[i] = 0;
  return whole;
}

namespace portable {
#define memcpy portable_memcpy
#define memmove portable_memmove
#define memset portable_memset
#include "../src/portable/memory.cpp"  // NOLINT: the file under test
#undef memcpy
#undef memmove
#undef memset
}  // namespace portable

#if defined(__x86_64__)
namespace x86_64 {
#define memcpy x86_64_memcpy
#define memmove x86_64_memmove
#define memset x86_64_memset
#include "../src/x86_64/memory.cpp"  // NOLINT: the file under test
}  // namespace x86_64
#endif
