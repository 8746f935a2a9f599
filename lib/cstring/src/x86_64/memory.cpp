// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "../blocks.hpp"

#include <string.h>

// The string instructions move long blocks at the speed of the caches (Intel
// Optimization Reference Manual §3.7.6, enhanced rep movsb and stosb); short ones
// are two overlapping words. The direction flag is clear, as the ABI has it.

namespace {

using atl::cstring::LooseHalf;
using atl::cstring::LooseWord;

constexpr size_t kStringInstructionFrom = 33;

/// Copies up to 32 bytes, all loads before the first store: `to` and `from` may
/// overlap in any way.
void move_short(unsigned char* to, const unsigned char* from, size_t count) {
  if (count > 16) {
    const uint64_t a = *reinterpret_cast<const LooseWord*>(from);
    const uint64_t b = *reinterpret_cast<const LooseWord*>(from + 8);
    const uint64_t c = *reinterpret_cast<const LooseWord*>(from + count - 16);
    const uint64_t d = *reinterpret_cast<const LooseWord*>(from + count - 8);
    *reinterpret_cast<LooseWord*>(to) = a;
    *reinterpret_cast<LooseWord*>(to + 8) = b;
    *reinterpret_cast<LooseWord*>(to + count - 16) = c;
    *reinterpret_cast<LooseWord*>(to + count - 8) = d;
  } else if (count >= 8) {
    const uint64_t a = *reinterpret_cast<const LooseWord*>(from);
    const uint64_t b = *reinterpret_cast<const LooseWord*>(from + count - 8);
    *reinterpret_cast<LooseWord*>(to) = a;
    *reinterpret_cast<LooseWord*>(to + count - 8) = b;
  } else if (count >= 4) {
    const uint32_t a = *reinterpret_cast<const LooseHalf*>(from);
    const uint32_t b = *reinterpret_cast<const LooseHalf*>(from + count - 4);
    *reinterpret_cast<LooseHalf*>(to) = a;
    *reinterpret_cast<LooseHalf*>(to + count - 4) = b;
  } else if (count != 0) {
    const unsigned char first = from[0];
    const unsigned char middle = from[count / 2];
    const unsigned char last = from[count - 1];
    to[0] = first;
    to[count / 2] = middle;
    to[count - 1] = last;
  }
}

/// Forward: right for `to` below `from`, and for blocks that do not overlap.
void move_up(unsigned char* to, const unsigned char* from, size_t count) {
  asm volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(count) : : "memory");
}

/// Backward in words: the string instructions are slow in that direction.
/// `count` is above 32.
void move_down(unsigned char* to, const unsigned char* from, size_t count) {
  while (count > 32) {
    count -= 8;
    const uint64_t word = *reinterpret_cast<const LooseWord*>(from + count);
    *reinterpret_cast<LooseWord*>(to + count) = word;
    atl::cstring::keep_loop();
  }
  move_short(to, from, count);
}

}  // namespace

extern "C" void* memcpy(void* __restrict to, const void* __restrict from, size_t count) {
  auto* const out = static_cast<unsigned char*>(to);
  const auto* const in = static_cast<const unsigned char*>(from);
  if (count < kStringInstructionFrom) {
    move_short(out, in, count);
  } else {
    move_up(out, in, count);
  }
  return to;
}

extern "C" void* memmove(void* to, const void* from, size_t count) {
  auto* const out = static_cast<unsigned char*>(to);
  const auto* const in = static_cast<const unsigned char*>(from);
  const uintptr_t distance = reinterpret_cast<uintptr_t>(to) - reinterpret_cast<uintptr_t>(from);
  if (count < kStringInstructionFrom) {
    move_short(out, in, count);
  } else if (distance < count) {
    move_down(out, in, count);
  } else {
    move_up(out, in, count);
  }
  return to;
}

extern "C" void* memset(void* to, int byte, size_t count) {
  auto* const out = static_cast<unsigned char*>(to);
  const uint64_t word = static_cast<unsigned char>(byte) * 0x0101'0101'0101'0101u;
  if (count >= kStringInstructionFrom) {
    void* at = to;
    asm volatile("rep stosb" : "+D"(at), "+c"(count) : "a"(byte) : "memory");
  } else if (count >= 8) {
    for (size_t done = 0; done + 8 <= count; done += 8) {
      *reinterpret_cast<LooseWord*>(out + done) = word;
      atl::cstring::keep_loop();
    }
    *reinterpret_cast<LooseWord*>(out + count - 8) = word;
  } else {
    for (size_t done = 0; done < count; ++done) {
      out[done] = static_cast<unsigned char>(byte);
      atl::cstring::keep_loop();
    }
  }
  return to;
}
