// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

#include "section.hpp"

#include <filesystem>
#include <system_error>

// What a path is, which needs no file.
void paths() {
  namespace fs = std::filesystem;
  const fs::path path = "/usr/lib/../share/./doc//read.me.txt";
  std::cout << path.lexically_normal() << ' ' << path.filename() << ' ' << path.stem() << ' '
            << path.extension() << ' ' << path.is_absolute() << '\n';
  for (const auto& part : path) std::cout << part.string() << '|';
  std::cout << '\n';
  std::cout << fs::path("/a/d").lexically_relative("/a/b/c") << ' ' << fs::path("x") / "y" << ' '
            << fs::path("a/b.c").replace_extension("o") << ' ' << fs::path("a/b").parent_path()
            << '\n';
  std::cout << fs::path(u8"é").native().size() << '\n';
  std::error_code error;
  const bool is_there = fs::exists("/no/such/file/anywhere", error);
  std::cout << is_there << '\n';
  try {
    (void)fs::file_size("/no/such/file/anywhere");
  } catch (const fs::filesystem_error& failure) {
    std::cout << failure.path1() << '\n';
  }
}
