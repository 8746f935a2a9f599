// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "conversion.hpp"

#include <cerrno>
#include <climits>
#include <cstdlib>

namespace atl::uchar {
namespace {

// The Unicode Standard 15.0, §3.8 (surrogates) and table 3-5 (UTF-16).
constexpr char32_t kHighest = 0x10ffff;
constexpr char32_t kSupplementary = 0x10000;
constexpr char32_t kHigh = 0xd800;
constexpr char32_t kLow = 0xdc00;
constexpr char32_t kBehindSurrogates = 0xe000;

bool is_high(char32_t unit) { return unit >= kHigh && unit < kLow; }
bool is_low(char32_t unit) { return unit >= kLow && unit < kBehindSurrogates; }
bool is_character(char32_t value) {
  return value <= kHighest && (value < kHigh || value >= kBehindSurrogates);
}

// A state with a surrogate in it has a count that the libc's own functions never give it.
constexpr int kSurrogate = 1 << 16;

bool holds_surrogate(const std::mbstate_t& state) { return state.__count == kSurrogate; }

void keep_surrogate(std::mbstate_t& state, char32_t unit) {
  state.__count = kSurrogate;
  state.__value.__wch = static_cast<std::wint_t>(unit);
}

char32_t take_surrogate(std::mbstate_t& state) {
  const auto unit = static_cast<char32_t>(state.__value.__wch);
  state = {};
  return unit;
}

std::size_t fail(std::mbstate_t& state) {
  state = {};
  errno = EILSEQ;
  return kInvalid;
}

// In the locales of one byte a character, whose bytes are Latin 1's, and of UTF-8, whose
// characters have up to 6 bytes by the libc's account; not in those of Japanese sets, where
// only ASCII is as in Unicode.
bool is_unicode(char32_t wide) {
  constexpr std::size_t kUtf8 = 6;
  const auto most = static_cast<std::size_t>(MB_CUR_MAX);
  return is_character(wide) && (wide < 0x80 || most == 1 || most == kUtf8);
}

// Whether what `state` has of a character can only become a surrogate, which newlib takes
// for one. ISO C17 §7.28.1.1: only what is potentially valid is incomplete.
bool becomes_surrogate(std::mbstate_t state) {
  const int before = errno;
  wchar_t wide = 0;
  const bool is_last = std::mbrtowc(&wide, "\x80", 1, &state) == 1;
  errno = before;
  return is_last && !is_character(static_cast<char32_t>(wide));
}

}  // namespace

std::size_t to_utf32(char32_t* to, const char* from, std::size_t size, std::mbstate_t& state) {
  if (from == nullptr) return to_utf32(nullptr, "", 1, state);
  wchar_t wide = 0;
  const std::size_t used = std::mbrtowc(&wide, from, size, &state);
  if (used == kInvalid) return fail(state);
  if (used == kIncomplete) return becomes_surrogate(state) ? fail(state) : used;
  const auto character = static_cast<char32_t>(wide);
  if (!is_unicode(character)) return fail(state);
  if (to != nullptr) *to = character;
  return used;
}

std::size_t to_utf16(char16_t* to, const char* from, std::size_t size, std::mbstate_t& state) {
  if (from == nullptr) return to_utf16(nullptr, "", 1, state);
  char32_t unit = 0;
  std::size_t used = kPending;
  if (holds_surrogate(state)) {
    unit = take_surrogate(state);
  } else {
    used = to_utf32(&unit, from, size, state);
    if (used == kInvalid || used == kIncomplete) return used;
    if (unit >= kSupplementary) {
      const char32_t bits = unit - kSupplementary;
      unit = kHigh + (bits >> 10);
      keep_surrogate(state, kLow + (bits & 0x3ff));
    }
  }
  if (to != nullptr) *to = static_cast<char16_t>(unit);
  return used;
}

std::size_t from_utf32(char* to, char32_t character, std::mbstate_t& state) {
  if (to == nullptr) {
    char buffer[MB_LEN_MAX];
    return from_utf32(buffer, U'\0', state);
  }
  if (!is_unicode(character)) return fail(state);
  return std::wcrtomb(to, static_cast<wchar_t>(character), &state);
}

std::size_t from_utf16(char* to, char16_t unit, std::mbstate_t& state) {
  if (to == nullptr) {
    char buffer[MB_LEN_MAX];
    return from_utf16(buffer, u'\0', state);
  }
  if (holds_surrogate(state)) {
    const char32_t high = take_surrogate(state);
    if (!is_low(unit)) return fail(state);
    return from_utf32(to, kSupplementary + ((high - kHigh) << 10) + (unit - kLow), state);
  }
  if (!is_high(unit)) return from_utf32(to, unit, state);
  keep_surrogate(state, unit);
  return 0;
}

}  // namespace atl::uchar
