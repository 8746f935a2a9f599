// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "blocks.hpp"

#include <string.h>

extern "C" int memcmp(const void* left, const void* right, size_t count) {
  using atl::cstring::misalignment;
  using atl::cstring::Word;
  const auto* a = static_cast<const unsigned char*>(left);
  const auto* b = static_cast<const unsigned char*>(right);
  if (misalignment(a) == misalignment(b)) {
    for (; count > 0 && misalignment(a) != 0 && *a == *b; --count) ++a, ++b;
    if (misalignment(a) == 0) {
      for (; count >= sizeof(Word); count -= sizeof(Word)) {
        if (*reinterpret_cast<const Word*>(a) != *reinterpret_cast<const Word*>(b)) break;
        a += sizeof(Word);
        b += sizeof(Word);
      }
    }
  }
  for (; count > 0; --count, ++a, ++b) {
    if (*a != *b) return *a - *b;
  }
  return 0;
}

extern "C" void* memchr(const void* in, int byte, size_t count) {
  const auto* at = static_cast<const unsigned char*>(in);
  for (; count > 0; --count, ++at) {
    if (*at == static_cast<unsigned char>(byte)) return const_cast<unsigned char*>(at);
  }
  return nullptr;
}

extern "C" size_t strlen(const char* text) {
  size_t length = 0;
  while (text[length] != 0) {
    ++length;
    atl::cstring::keep_loop();
  }
  return length;
}

extern "C" int strncmp(const char* left, const char* right, size_t count) {
  for (; count > 0; --count, ++left, ++right) {
    const int difference = static_cast<unsigned char>(*left) - static_cast<unsigned char>(*right);
    if (difference != 0 || *left == 0) return difference;
  }
  return 0;
}

extern "C" int strcmp(const char* left, const char* right) {
  return strncmp(left, right, ~size_t{0});
}

extern "C" char* strchr(const char* in, int character) {
  for (;; ++in) {
    if (*in == static_cast<char>(character)) return const_cast<char*>(in);
    if (*in == 0) return nullptr;
  }
}
