// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// Runs a fuzz target over files and folders: what libFuzzer's own main does for
// its corpus, for compilers without it.
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

void replay(const std::filesystem::path& file) {
  std::ifstream stream{file, std::ios::binary};
  const std::vector<char> raw{std::istreambuf_iterator<char>{stream}, {}};
  const std::vector<std::uint8_t> input(raw.begin(), raw.end());
  // Said first, so that the last line names the input that crashed.
  std::printf("%s\n", file.c_str());
  std::fflush(stdout);
  LLVMFuzzerTestOneInput(input.data(), input.size());
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t count = 0;
  for (int i = 1; i < argc; ++i) {
    const std::filesystem::path path{argv[i]};
    if (!std::filesystem::is_directory(path)) {
      replay(path);
      ++count;
      continue;
    }
    for (const auto& entry : std::filesystem::directory_iterator{path}) {
      replay(entry.path());
      ++count;
    }
  }
  std::printf("%zu inputs\n", count);
  return count == 0 ? 1 : 0;
}
