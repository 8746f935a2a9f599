// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// ISO C17 §7.22.3 and malloc(3), posix_memalign(3), malloc_usable_size(3) of the
// Linux man-pages, over the image's default allocator. newlib calls the names
// that begin with an underscore.

#include "errors.hpp"

#include <atoll/alloc.hpp>
#include <atoll/config/libc_newlib.hpp>
#include <atoll/types.hpp>
#include <bit>
#include <cstdint>
#include <cstring>

// Of posix_signals: runs the handlers of what is pending for the calling thread.
extern "C" void atoll_take_signals();

namespace {

using atl::default_allocator;
using atl::Errc;
using atl::libc::fail_with;

// No object is larger than half of the address space: the difference of two
// pointers into it must fit ptrdiff_t.
constexpr std::size_t kLargest = PTRDIFF_MAX;

void* checked(void* block) {
  if (block == nullptr) [[unlikely]]
    fail_with(Errc::kNoMemory);
  return block;
}

void* allocate(std::size_t size, std::size_t alignment = alignof(std::max_align_t)) {
  return checked(size > kLargest ? nullptr : default_allocator().allocate(size, alignment));
}

void* allocate_aligned(std::size_t alignment, std::size_t size) {
  if (!std::has_single_bit(alignment)) return fail_with(Errc::kInvalidArgument), nullptr;
  return allocate(size,
                  alignment < alignof(std::max_align_t) ? alignof(std::max_align_t) : alignment);
}

void* allocate_zeroed(std::size_t count, std::size_t size) {
  std::size_t bytes = 0;
  if (__builtin_mul_overflow(count, size, &bytes)) bytes = SIZE_MAX;
  void* block = allocate(bytes);
  if (block != nullptr) std::memset(block, 0, bytes);
  return block;
}

// The program's way out of these functions: only its own code is interrupted by handlers, so
// that one which does little else than call these would see its signals late.
struct WayOut {
  WayOut() = default;
  ~WayOut() {
    if constexpr (atl::config::libc_newlib::kTakesSignals) atoll_take_signals();
  }
  WayOut(const WayOut&) = delete;
  WayOut& operator=(const WayOut&) = delete;
};

// As glibc: a size of 0 frees.
void* resize(void* block, std::size_t size) {
  if (size == 0 && block != nullptr) return default_allocator().free(block), nullptr;
  return checked(size > kLargest ? nullptr : default_allocator().resize(block, size));
}

}  // namespace

extern "C" {

void* malloc(std::size_t size) {
  const WayOut out;
  return allocate(size);
}
void free(void* block) {
  const WayOut out;
  default_allocator().free(block);
}
void* calloc(std::size_t count, std::size_t size) {
  const WayOut out;
  return allocate_zeroed(count, size);
}
void* realloc(void* block, std::size_t size) {
  const WayOut out;
  return resize(block, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) {
  const WayOut out;
  return allocate_aligned(alignment, size);
}
void* memalign(std::size_t alignment, std::size_t size) { return aligned_alloc(alignment, size); }
void* valloc(std::size_t size) { return aligned_alloc(atl::kPageSize, size); }
std::size_t malloc_usable_size(void* block) {
  return block == nullptr ? 0 : default_allocator().usable_size(block);
}

int posix_memalign(void** result, std::size_t alignment, std::size_t size) {
  if (!std::has_single_bit(alignment) || alignment % sizeof(void*) != 0) {
    return static_cast<int>(Errc::kInvalidArgument);
  }
  const WayOut out;
  void* block = size > kLargest ? nullptr : default_allocator().allocate(size, alignment);
  if (block == nullptr) return static_cast<int>(Errc::kNoMemory);
  *result = block;
  return 0;
}

void* _malloc_r(void*, std::size_t size) { return allocate(size); }
void _free_r(void*, void* block) { default_allocator().free(block); }
void* _calloc_r(void*, std::size_t count, std::size_t size) { return allocate_zeroed(count, size); }
void* _realloc_r(void*, void* block, std::size_t size) { return resize(block, size); }
void* _memalign_r(void*, std::size_t alignment, std::size_t size) {
  return allocate_aligned(alignment, size);
}

}  // extern "C"
