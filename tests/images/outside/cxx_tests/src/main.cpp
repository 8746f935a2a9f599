// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// Runs the sections that its arguments name, else all.

#include "section.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace {

constexpr Section kSections[] = {
    {"exceptions", exceptions},
    {"libraries", exceptions_through_libraries},
    {"statics", statics},
    {"streams", streams},
    {"text", text},
    {"regex", regular_expressions},
    {"containers", containers},
    {"ranges", ranges},
    {"coroutines", coroutines},
    {"numbers", numbers},
    {"time", time_and_calendar},
    {"memory", memory},
    {"synchronization", synchronization},
    {"paths", paths},
};

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> wanted(argv + 1, argv + argc);
  for (const Section& section : kSections) {
    if (!wanted.empty() && std::ranges::find(wanted, section.name) == wanted.end()) continue;
    std::cout << "== " << section.name << '\n';
    try {
      section.run();
    } catch (const std::exception& error) {
      std::cout << "UNEXPECTED " << error.what() << std::endl;
      return 1;
    }
  }
  std::cout << "== end" << std::endl;
}
