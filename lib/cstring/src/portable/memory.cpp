// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "../blocks.hpp"

#include <string.h>

// Every access is naturally aligned, so that an entry can copy while the MMU is
// off and all memory is Device memory (Arm ARM B2.8.2). Only zeroing a page or
// more needs the MMU.

namespace {

using atl::cstring::keep_loop;
using atl::cstring::misalignment;
using atl::cstring::Word;

constexpr size_t kWord = sizeof(Word);
constexpr size_t kZeroBlocksFrom = 4096;

/// The word that holds a byte is read whole, which an address sanitizer would
/// call an overrun.
#define WHOLE_WORDS __attribute__((no_sanitize("address")))

/// Copies `words` words to an aligned place from one that is `shift` bits past
/// the aligned `from`, joining neighbouring words (little-endian). Reads the
/// words that hold the source, never one beyond.
WHOLE_WORDS void copy_shifted(Word* to, const Word* from, size_t words, unsigned shift) {
  Word low = *from++;
  for (; words > 0; --words) {
    const Word high = *from++;
    *to++ = (low >> shift) | (high << (64 - shift));
    low = high;
  }
}

/// Copies `words` words to aligned `to` from any `from`; lowest address first.
WHOLE_WORDS void copy_words(Word* to, const unsigned char* from, size_t words) {
  const size_t off = misalignment(from);
  const auto* aligned = reinterpret_cast<const Word*>(from - off);
  if (off != 0) {
    copy_shifted(to, aligned, words, static_cast<unsigned>(off) * 8);
    return;
  }
  // Four at a time: two loads and two stores of a pair each.
  for (; words >= 4; words -= 4, to += 4, aligned += 4) {
    const Word first = aligned[0], second = aligned[1];
    const Word third = aligned[2], fourth = aligned[3];
    to[0] = first;
    to[1] = second;
    to[2] = third;
    to[3] = fourth;
    keep_loop();
  }
  for (size_t i = 0; i < words; ++i) {
    to[i] = aligned[i];
    keep_loop();
  }
}

void move_up(unsigned char* to, const unsigned char* from, size_t count) {
  if (count >= 2 * kWord) {
    for (; misalignment(to) != 0; --count) {
      *to++ = *from++;
      keep_loop();
    }
    const size_t words = count / kWord;
    copy_words(reinterpret_cast<Word*>(to), from, words);
    to += words * kWord;
    from += words * kWord;
    count %= kWord;
  }
  for (; count > 0; --count) {
    *to++ = *from++;
    keep_loop();
  }
}

/// Highest address first, for `to` above an overlapping `from`.
void move_down(unsigned char* to, const unsigned char* from, size_t count) {
  const bool by_words = misalignment(to) == misalignment(from);
  while (count > 0) {
    if (by_words && count >= kWord && misalignment(to + count) == 0) {
      count -= kWord;
      *reinterpret_cast<Word*>(to + count) = *reinterpret_cast<const Word*>(from + count);
    } else {
      --count;
      to[count] = from[count];
    }
    keep_loop();
  }
}

}  // namespace

extern "C" void* memcpy(void* __restrict to, const void* __restrict from, size_t count) {
  move_up(static_cast<unsigned char*>(to), static_cast<const unsigned char*>(from), count);
  return to;
}

extern "C" void* memmove(void* to, const void* from, size_t count) {
  auto* const out = static_cast<unsigned char*>(to);
  const auto* const in = static_cast<const unsigned char*>(from);
  const uintptr_t distance = reinterpret_cast<uintptr_t>(to) - reinterpret_cast<uintptr_t>(from);
  (distance < count ? move_down : move_up)(out, in, count);
  return to;
}

extern "C" void* memset(void* to, int byte, size_t count) {
  auto* at = static_cast<unsigned char*>(to);
  const auto value = static_cast<unsigned char>(byte);
  for (; count > 0 && (count < kWord || misalignment(at) != 0); --count) {
    *at++ = value;
    keep_loop();
  }
  if (value == 0 && count >= kZeroBlocksFrom) {
    const size_t done = atl::cstring::zero_blocks(at, count);
    at += done;
    count -= done;
  }
  const Word word = value * 0x0101'0101'0101'0101u;
  for (; count >= 4 * kWord; count -= 4 * kWord, at += 4 * kWord) {
    auto* const words = reinterpret_cast<Word*>(at);
    words[0] = words[1] = words[2] = words[3] = word;
    keep_loop();
  }
  for (; count >= kWord; count -= kWord, at += kWord) {
    *reinterpret_cast<Word*>(at) = word;
    keep_loop();
  }
  for (; count > 0; --count) {
    *at++ = value;
    keep_loop();
  }
  return to;
}
