// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// What a failed assert() calls (ISO C17 §7.2.1.1). newlib's own would bring a
// second formatter into each image, since its number conversion asserts, too.

#include <cstddef>
#include <cstring>

extern "C" {

long write(int fd, const void* bytes, std::size_t count);
[[noreturn]] void abort();

[[noreturn]] void __assert_func(const char* file, int line, const char* function,
                                const char* expression) {
  constexpr int kStandardError = 2;
  const auto put = [](const char* text) { write(kStandardError, text, std::strlen(text)); };
  char digits[12];
  char* first = digits + sizeof digits - 1;
  *first = 0;
  for (unsigned left = static_cast<unsigned>(line); left != 0 || *first == 0; left /= 10) {
    *--first = static_cast<char>('0' + left % 10);
  }
  put(file);
  put(":");
  put(first);
  put(": ");
  if (function != nullptr) {
    put(function);
    put(": ");
  }
  put("assertion failed: ");
  put(expression);
  put("\n");
  abort();
}

}  // extern "C"
