// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

#include <algorithm>
#include <atoll/alloc.hpp>
#include <atoll/arch.hpp>
#include <atoll/assert.hpp>
#include <atoll/libc.hpp>
#include <bit>
#include <cstdint>
#include <cstring>

// The linker script's bounds of PT_TLS: the initial image is [start, data_end),
// the block is [start, end) with zeros behind the image. The alignment is told as
// a distance, [start, alignment): a bare number would be relocated.
extern "C" {
extern const std::byte __tls_start[];
extern const std::byte __tls_data_end[];
extern const std::byte __tls_end[];
extern const std::byte __tls_alignment[];
// newlib's: frees what its functions allocated for the calling thread.
void _reclaim_reent(void* unused);
}

namespace atl::libc {
namespace {

constexpr std::size_t align_up(std::size_t value, std::size_t alignment) {
  return (value + alignment - 1) & ~(alignment - 1);
}

/// Where the thread pointer and the variables lie in a block of memory (ELF
/// Handling For Thread-Local Storage, §3; the ABIs' supplements fix the rest).
struct Layout {
  std::size_t variables;  ///< offset of the first variable
  std::size_t pointer;    ///< offset that the thread pointer names
  std::size_t size;
};

#if defined(__x86_64__)
// Variant II: the variables end at the thread pointer, which names a word that
// holds its own value (x86-64 psABI §3.4.2). Compilers expect a stack protector's
// canary at fs:0x28: the words up to there exist, for code that was built so.
constexpr std::size_t kControlBlock = 0x30;

Layout layout(std::size_t bytes, std::size_t alignment) {
  const std::size_t pointer = align_up(bytes, alignment);
  return {.variables = 0, .pointer = pointer, .size = pointer + kControlBlock};
}
#else
// Variant I: the thread pointer names two words of the thread library's, the
// variables follow at their alignment (ELF for the Arm 64-bit Architecture, §7.1).
constexpr std::size_t kControlBlock = 0x10;

Layout layout(std::size_t bytes, std::size_t alignment) {
  const std::size_t variables = align_up(kControlBlock, alignment);
  return {.variables = variables, .pointer = 0, .size = variables + bytes};
}
#endif

std::size_t bytes_between(const std::byte* start, const std::byte* end) {
  return reinterpret_cast<std::uintptr_t>(end) - reinterpret_cast<std::uintptr_t>(start);
}

/// The alignment that the linker laid the variables out for: offsets follow from
/// it, not from what the allocator gives.
std::size_t linked_alignment() {
  const std::size_t alignment = bytes_between(__tls_start, __tls_alignment);
  ATOLL_ASSERT(std::has_single_bit(alignment));
  return alignment;
}

Layout linked_layout() { return layout(bytes_between(__tls_start, __tls_end), linked_alignment()); }

}  // namespace

Result<void*> create_thread_block() {
  if (bytes_between(__tls_start, __tls_end) == 0) return nullptr;
  const Layout place = linked_layout();
  const std::size_t alignment = std::max(linked_alignment(), alignof(std::max_align_t));
  auto* memory = static_cast<std::byte*>(default_allocator().allocate(place.size, alignment));
  if (memory == nullptr) return fail(Errc::kNoMemory);

  const std::size_t initialized = bytes_between(__tls_start, __tls_data_end);
  std::memset(memory, 0, place.size);
  std::memcpy(memory + place.variables, __tls_start, initialized);
  void* block = memory + place.pointer;
#if defined(__x86_64__)
  std::memcpy(block, &block, sizeof block);
#endif
  return block;
}

void enter_thread_block(void* block) {
  if (block != nullptr) arch::Cpu::set_thread_pointer(reinterpret_cast<std::uintptr_t>(block));
}

void leave_thread_block() { _reclaim_reent(nullptr); }

void destroy_thread_block(void* block) {
  if (block == nullptr) return;
  default_allocator().free(static_cast<std::byte*>(block) - linked_layout().pointer);
}

}  // namespace atl::libc
