// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/console.hpp>
#include <string_view>

int main(int argc, char** argv) {
  atl::console::write("Hello from C++ without a libc!\n");
  for (int i = 1; i < argc; ++i) {
    atl::console::write("argument: ");
    atl::console::write(std::string_view{argv[i]});
    atl::console::write("\n");
  }
  return 0;
}
