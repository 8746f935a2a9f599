// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

#include <atoll/errc.hpp>
#include <atoll/vm_test.hpp>
#include <cstddef>
#include <cstdint>
#include <cstring>

extern "C" {
int* __errno();
void* malloc(std::size_t size);
void free(void* block);
void* calloc(std::size_t count, std::size_t size);
void* realloc(void* block, std::size_t size);
void* reallocarray(void* block, std::size_t count, std::size_t size);
void* aligned_alloc(std::size_t alignment, std::size_t size);
void* memalign(std::size_t alignment, std::size_t size);
int posix_memalign(void** result, std::size_t alignment, std::size_t size);
std::size_t malloc_usable_size(void* block);
}

namespace libc_heap_test {

using atl::Errc;

// Called through pointers that may change, since compilers know what these
// functions do, and would not call them.
void* (*volatile get)(std::size_t) = malloc;
void* (*volatile get_zeroed)(std::size_t, std::size_t) = calloc;
void* (*volatile get_aligned)(std::size_t, std::size_t) = aligned_alloc;
void* (*volatile resize)(void*, std::size_t) = realloc;
void* (*volatile resize_array)(void*, std::size_t, std::size_t) = reallocarray;
void (*volatile give)(void*) = free;
volatile std::size_t huge = SIZE_MAX;
volatile std::size_t large = std::size_t{1} << 40;

bool is_aligned(const void* block, std::size_t alignment) {
  return reinterpret_cast<std::uintptr_t>(block) % alignment == 0;
}

Errc error() { return Errc{*__errno()}; }
void clear() { *__errno() = 0; }

VM_TEST(LibcHeap, blocks_are_distinct_and_aligned) {
  void* blocks[8];
  for (std::size_t i = 0; i < 8; ++i) {
    blocks[i] = get(i * 5);
    VM_EXPECT(blocks[i] != nullptr);
    VM_EXPECT(is_aligned(blocks[i], alignof(std::max_align_t)));
    VM_EXPECT_GE(malloc_usable_size(blocks[i]), i * 5);
    std::memset(blocks[i], static_cast<int>(i), i * 5);
    for (std::size_t j = 0; j < i; ++j) VM_EXPECT(blocks[i] != blocks[j]);
  }
  for (void* block : blocks) give(block);
  give(nullptr);
  VM_EXPECT_EQ(malloc_usable_size(nullptr), 0u);
}

VM_TEST(LibcHeap, too_much_is_null_and_enomem) {
  clear();
  VM_EXPECT(get(huge) == nullptr);
  VM_EXPECT_EQ(error(), Errc::kNoMemory);
  clear();
  VM_EXPECT(get(large) == nullptr);
  VM_EXPECT_EQ(error(), Errc::kNoMemory);
  clear();
  VM_EXPECT(get_zeroed(large, large) == nullptr);
  VM_EXPECT_EQ(error(), Errc::kNoMemory);
  clear();
  VM_EXPECT(get_aligned(64, huge - 63) == nullptr);
  VM_EXPECT_EQ(error(), Errc::kNoMemory);
}

VM_TEST(LibcHeap, calloc_zeroes_what_was_used) {
  void* used = get(300);
  VM_ASSERT(used != nullptr);
  std::memset(used, 0xff, 300);
  give(used);
  auto* block = static_cast<unsigned char*>(get_zeroed(3, 100));
  VM_ASSERT(block != nullptr);
  for (std::size_t i = 0; i < 300; ++i) VM_EXPECT_EQ(block[i], 0);
  give(block);
}

VM_TEST(LibcHeap, realloc_keeps_content_and_an_old_block_without_memory) {
  auto* block = static_cast<unsigned char*>(get(10));
  VM_ASSERT(block != nullptr);
  for (unsigned char i = 0; i < 10; ++i) block[i] = i;
  block = static_cast<unsigned char*>(resize(block, 5000));
  VM_ASSERT(block != nullptr);
  for (unsigned char i = 0; i < 10; ++i) VM_EXPECT_EQ(block[i], i);
  clear();
  VM_EXPECT(resize(block, huge) == nullptr);
  VM_EXPECT_EQ(error(), Errc::kNoMemory);
  VM_EXPECT(resize_array(block, large, large) == nullptr);
  VM_EXPECT_EQ(block[9], 9);
  block = static_cast<unsigned char*>(resize(block, 4));
  VM_ASSERT(block != nullptr);
  VM_EXPECT_EQ(block[3], 3);
  VM_EXPECT(resize(block, 0) == nullptr);
  void* fresh = resize(nullptr, 0);
  VM_EXPECT(fresh != nullptr);
  give(fresh);
}

VM_TEST(LibcHeap, alignments) {
  for (std::size_t alignment = 1; alignment <= 8192; alignment *= 2) {
    void* block = memalign(alignment, 100);
    VM_EXPECT(block != nullptr && is_aligned(block, alignment));
    give(block);
  }
  clear();
  VM_EXPECT(get_aligned(48, 96) == nullptr);
  VM_EXPECT_EQ(error(), Errc::kInvalidArgument);
  VM_EXPECT(get_aligned(0, 96) == nullptr);
}

VM_TEST(LibcHeap, posix_memalign_returns_its_error) {
  void* block = &block;
  clear();
  VM_EXPECT_EQ(Errc{posix_memalign(&block, 4, 8)}, Errc::kInvalidArgument);
  VM_EXPECT_EQ(Errc{posix_memalign(&block, 24, 8)}, Errc::kInvalidArgument);
  VM_EXPECT_EQ(Errc{posix_memalign(&block, 0, 8)}, Errc::kInvalidArgument);
  VM_EXPECT_EQ(Errc{posix_memalign(&block, 16, huge)}, Errc::kNoMemory);
  VM_EXPECT(block == &block);
  VM_EXPECT_EQ(*__errno(), 0);
  VM_ASSERT(posix_memalign(&block, 4096, 8) == 0);
  VM_EXPECT(is_aligned(block, 4096));
  give(block);
}

}  // namespace libc_heap_test
