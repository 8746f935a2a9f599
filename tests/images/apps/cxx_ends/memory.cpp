// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "memory.hpp"

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace {

struct Block {
  Block* next;
};

/// Blocks of falling sizes, until not one byte is to be had.
Block* take_everything() {
  Block* all = nullptr;
  for (std::size_t size = std::size_t{1} << 24; size >= sizeof(Block);) {
    void* memory = std::malloc(size);
    if (memory == nullptr) {
      size /= 2;
    } else {
      all = ::new (memory) Block{all};
    }
  }
  return all;
}

void give_back(Block* all) {
  while (all != nullptr) std::free(std::exchange(all, all->next));
}

}  // namespace

int exhaust() {
  {
    std::vector<std::unique_ptr<char[]>> blocks;
    try {
      while (true) blocks.push_back(std::make_unique<char[]>(std::size_t{1} << 18));
    } catch (const std::bad_alloc& error) {
      std::printf("%s after %zu blocks\n", error.what(), blocks.size());
    }
  }
  const std::vector<char> fits(std::size_t{1} << 20);
  const bool null = new (std::nothrow) char[std::size_t{1} << 40] == nullptr;
  if (fits.size() != std::size_t{1} << 20 || !null) return 1;
  std::puts("and lives on");
  return 0;
}

int throw_from_reserve() {
  int thrown = 0;
  int caught = 0;
  Block* const all = take_everything();
  try {
    ++thrown;
    throw 42;
  } catch (int number) {
    caught += number == 42 ? 1 : 0;
  }
  give_back(all);
  std::printf("thrown %d, caught %d\n", thrown, caught);
  return caught == 1 ? 0 : 1;
}
