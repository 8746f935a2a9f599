// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <uchar.h>

#include "conversion.hpp"

// ISO C17 §7.28.1. Without a state of the caller's each function has its own, here one of
// each thread, as newlib's functions have.
extern "C" {

size_t mbrtoc16(char16_t* __restrict to, const char* __restrict from, size_t size,
                mbstate_t* __restrict state) {
  thread_local constinit mbstate_t own{};
  return atl::uchar::to_utf16(to, from, size, state != nullptr ? *state : own);
}

size_t c16rtomb(char* __restrict to, char16_t unit, mbstate_t* __restrict state) {
  thread_local constinit mbstate_t own{};
  return atl::uchar::from_utf16(to, unit, state != nullptr ? *state : own);
}

size_t mbrtoc32(char32_t* __restrict to, const char* __restrict from, size_t size,
                mbstate_t* __restrict state) {
  thread_local constinit mbstate_t own{};
  return atl::uchar::to_utf32(to, from, size, state != nullptr ? *state : own);
}

size_t c32rtomb(char* __restrict to, char32_t character, mbstate_t* __restrict state) {
  thread_local constinit mbstate_t own{};
  return atl::uchar::from_utf32(to, character, state != nullptr ? *state : own);
}

}  // extern "C"
