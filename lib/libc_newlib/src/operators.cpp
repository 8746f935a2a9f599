// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// C++20 [new.delete] for programs without a C++ library, so without exceptions:
// nobody could handle what would throw bad_alloc, and the image panics.

#include <array>
#include <atoll/format.hpp>
#include <atoll/panic.hpp>
#include <cstddef>
#include <new>

extern "C" {
void* malloc(std::size_t size);
void* aligned_alloc(std::size_t alignment, std::size_t size);
void free(void* block);
}

namespace {

void* or_panic(void* block, std::size_t size) {
  if (block != nullptr) return block;
  std::array<char, 64> room;
  atl::TextWriter text{room};
  atl::panic(text.text("out of memory: operator new of ").decimal(size).text(" bytes").c_str());
}

void* aligned(std::size_t size, std::align_val_t alignment) {
  return aligned_alloc(static_cast<std::size_t>(alignment), size);
}

}  // namespace

void* operator new(std::size_t size) { return or_panic(malloc(size), size); }
void* operator new[](std::size_t size) { return or_panic(malloc(size), size); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return malloc(size); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return malloc(size); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  return or_panic(aligned(size, alignment), size);
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
  return or_panic(aligned(size, alignment), size);
}
void* operator new(std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
  return aligned(size, alignment);
}
void* operator new[](std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
  return aligned(size, alignment);
}
void operator delete(void* block) noexcept { free(block); }
void operator delete[](void* block) noexcept { free(block); }
void operator delete(void* block, std::size_t) noexcept { free(block); }
void operator delete[](void* block, std::size_t) noexcept { free(block); }
void operator delete(void* block, std::align_val_t) noexcept { free(block); }
void operator delete[](void* block, std::align_val_t) noexcept { free(block); }
void operator delete(void* block, std::size_t, std::align_val_t) noexcept { free(block); }
void operator delete[](void* block, std::size_t, std::align_val_t) noexcept { free(block); }
