// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// C++20 [new.delete] for programs without a C++ library, so without exceptions:
// what would throw bad_alloc ends the program as an unhandled exception does.

#include <cstddef>
#include <new>

extern "C" {
void* malloc(std::size_t size);
void* aligned_alloc(std::size_t alignment, std::size_t size);
void free(void* block);
[[noreturn]] void abort();
}

namespace {

void* or_abort(void* block) {
  if (block == nullptr) abort();
  return block;
}

void* aligned(std::size_t size, std::align_val_t alignment) {
  return aligned_alloc(static_cast<std::size_t>(alignment), size);
}

}  // namespace

void* operator new(std::size_t size) { return or_abort(malloc(size)); }
void* operator new[](std::size_t size) { return or_abort(malloc(size)); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return malloc(size); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return malloc(size); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  return or_abort(aligned(size, alignment));
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
  return or_abort(aligned(size, alignment));
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
