// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/alloc.hpp>
#include <atoll/console.hpp>
#include <cstdint>
#include <string_view>

namespace {

using atl::default_allocator;

// Where blocks come from and go: the names that a report must have.
[[gnu::noinline]] char* allocate_here(std::size_t size) {
  auto* const block = static_cast<char*>(default_allocator().allocate(size));
  asm volatile("" ::: "memory");
  return block;
}
[[gnu::noinline]] void free_here(void* block) {
  default_allocator().free(block);
  asm volatile("" ::: "memory");
}

void double_free() {
  char* const block = allocate_here(24);
  free_here(block);
  free_here(block);
}
void foreign() {
  static int no_block;
  free_here(&no_block);
}
void inside() { free_here(allocate_here(100) + 32); }
void overflow() {
  char* const block = allocate_here(24);
  block[24] = 1;
  free_here(block);
}
void underflow() {
  char* const block = allocate_here(24);
  block[-1] = 1;
  free_here(block);
}
void write_after_free() {
  char* const block = allocate_here(24);
  free_here(block);
  block[3] = 1;
  for (int i = 0; i != 100; ++i) default_allocator().free(default_allocator().allocate(1000));
}

struct Node {
  Node* next;
  char rest[56];
};
Node* list = nullptr;

// A list that the program still has is not lost, one that nobody has is: two blocks.
void lose() {
  for (int i = 0; i != 3; ++i) {
    auto* const node = reinterpret_cast<Node*>(allocate_here(sizeof(Node)));
    *node = {.next = list, .rest = {}};
    list = node;
  }
  Node* const first = list;
  list = first->next->next;
  first->next->next = nullptr;
}

struct Misuse {
  std::string_view name;
  void (*run)();
};
constexpr Misuse kMisuses[] = {
    {"double_free", double_free},
    {"foreign", foreign},
    {"inside", inside},
    {"overflow", overflow},
    {"underflow", underflow},
    {"write_after_free", write_after_free},
    {"lose", lose},
    {"nothing", [] { free_here(allocate_here(100)); }},
};

}  // namespace

int main(int argc, char** argv) {
  for (const Misuse& misuse : kMisuses)
    if (argc == 2 && misuse.name == argv[1]) {
      misuse.run();
      atl::console::write("not noticed so far\n");
      return 0;
    }
  return argc > 1 ? 2 : 0;
}
