// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// POSIX.1-2017 getdelim(), getline(), which newlib has under other names.

#include <cstddef>

struct Stream;

extern "C" {

std::ptrdiff_t __getdelim(char** line, std::size_t* room, int delimiter, Stream* stream);

std::ptrdiff_t getdelim(char** line, std::size_t* room, int delimiter, Stream* stream) {
  return __getdelim(line, room, delimiter, stream);
}

std::ptrdiff_t getline(char** line, std::size_t* room, Stream* stream) {
  return __getdelim(line, room, '\n', stream);
}

}  // extern "C"
