// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// new (std::nothrow) and delete for programs without a libc. Plain `new` is
// left undefined, so that using it is an error of the link: without exceptions
// it could not report that memory has run out.
#include <atoll/alloc.hpp>
#include <new>

void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return atl::default_allocator().allocate(size);
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
  return atl::default_allocator().allocate(size);
}
void* operator new(std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
  return atl::default_allocator().allocate(size, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
  return atl::default_allocator().allocate(size, static_cast<std::size_t>(alignment));
}

void operator delete(void* block) noexcept { atl::default_allocator().free(block); }
void operator delete[](void* block) noexcept { atl::default_allocator().free(block); }
void operator delete(void* block, std::size_t) noexcept { atl::default_allocator().free(block); }
void operator delete[](void* block, std::size_t) noexcept { atl::default_allocator().free(block); }
void operator delete(void* block, std::align_val_t) noexcept {
  atl::default_allocator().free(block);
}
void operator delete[](void* block, std::align_val_t) noexcept {
  atl::default_allocator().free(block);
}
void operator delete(void* block, std::size_t, std::align_val_t) noexcept {
  atl::default_allocator().free(block);
}
void operator delete[](void* block, std::size_t, std::align_val_t) noexcept {
  atl::default_allocator().free(block);
}
