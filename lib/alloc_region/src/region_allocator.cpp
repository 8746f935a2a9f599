// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/alloc_region.hpp>
#include <atoll/assert.hpp>
#include <atoll/direct_map.hpp>
#include <atoll/page_alloc.hpp>
#include <bit>
#include <new>

namespace atl {

/// At the start of each run of pages.
struct RegionAllocator::Chunk {
  Chunk* next;
  std::size_t size;

  [[nodiscard]] std::uintptr_t start() const { return reinterpret_cast<std::uintptr_t>(this); }
  [[nodiscard]] std::uintptr_t end() const { return start() + size; }
};

namespace {

constexpr std::size_t kUnit = alignof(std::max_align_t);
/// More than any machine has, and far from where sums wrap around.
constexpr std::size_t kLimit = std::size_t{1} << 44;
/// Set in the size of a block that was freed.
constexpr std::size_t kFreed = 1;

/// Before each block, its size: a multiple of kUnit.
std::size_t& size_of(std::uintptr_t block) { return reinterpret_cast<std::size_t*>(block)[-1]; }
constexpr std::size_t kHeader = sizeof(std::size_t);

std::uintptr_t address_of(const void* block) { return reinterpret_cast<std::uintptr_t>(block); }

std::size_t rounded(std::size_t size) {
  return size == 0 ? kUnit : (size + kUnit - 1) & ~(kUnit - 1);
}

/// Where a block goes when everything from `top` on is free.
std::uintptr_t place(std::uintptr_t top, std::size_t alignment) {
  return (top + kHeader + alignment - 1) & ~(alignment - 1);
}

/// The size of the block, which is in use.
std::size_t checked_size(std::uintptr_t block) {
  const std::size_t size = size_of(block);
  const bool in_use = (size & (kUnit - 1)) == 0;
  ATOLL_ASSERT(in_use);
  return size;
}

}  // namespace

Result<Owned<Allocator>> RegionAllocator::create() {
  const VirtAddr page = to_virtual(TRY(page_alloc::allocate({1})));
  Chunk& first = *::new (page.as()) Chunk{nullptr, kPageSize};
  return Owned<Allocator>{::new (VirtAddr{page + sizeof(Chunk)}.as()) RegionAllocator(first)};
}

RegionAllocator::RegionAllocator(Chunk& first)
    : chunks_(&first), current_(&first), top_(address_of(this + 1)) {
  now_.reserved = first.size;
}

void RegionAllocator::do_destroy() {
  // The allocator itself goes with the first chunk.
  for (Chunk* chunk = chunks_; chunk != nullptr;) {
    Chunk* const next = chunk->next;
    page_alloc::free(to_physical(VirtAddr{chunk->start()}), PageCount::holding(chunk->size));
    chunk = next;
  }
}

/// Makes the current chunk reach to `end`, if the pages behind it are free.
bool RegionAllocator::extend(std::uintptr_t end) {
  const PageCount pages = PageCount::holding(end - current_->end());
  const PhysAddr behind = to_physical(VirtAddr{current_->end()});
  if (!page_alloc::allocate_at(behind, pages)) return false;
  current_->size += pages.bytes();
  now_.reserved += pages.bytes();
  return true;
}

/// A chunk with room for `bytes`; null without memory.
RegionAllocator::Chunk* RegionAllocator::add_chunk(std::size_t bytes) {
  const PageCount pages = PageCount::holding(sizeof(Chunk) + bytes);
  auto start = page_alloc::allocate(pages);
  if (!start) return nullptr;
  chunks_ = ::new (to_virtual(start.value()).as()) Chunk{chunks_, pages.bytes()};
  now_.reserved += pages.bytes();
  return chunks_;
}

void* RegionAllocator::do_allocate(std::size_t size, std::size_t alignment) {
  if (!std::has_single_bit(alignment) || alignment > kLimit || size > kLimit) return nullptr;
  if (alignment < kUnit) alignment = kUnit;
  size = rounded(size);

  Guard guard{lock_};
  std::uintptr_t block = place(top_, alignment);
  if (block + size <= current_->end() || extend(block + size)) {
    top_ = block + size;
  } else {
    Chunk* const chunk = add_chunk(kHeader + alignment + size);
    if (chunk == nullptr) return nullptr;
    block = place(chunk->start() + sizeof(Chunk), alignment);
    // Whichever chunk has more room left serves what comes next.
    if (chunk->end() - (block + size) >= current_->end() - top_) {
      current_ = chunk;
      top_ = block + size;
    }
  }
  size_of(block) = size;
  now_.count(kHeader + size, 0);
  return reinterpret_cast<void*>(block);
}

void RegionAllocator::do_free(void* pointer) {
  const std::uintptr_t block = address_of(pointer);
  Guard guard{lock_};
  const std::size_t size = checked_size(block);
  size_of(block) = size | kFreed;
  now_.count(0, kHeader + size);
  if (block + size == top_) top_ = block - kHeader;
}

bool RegionAllocator::resize_last(std::uintptr_t block, std::size_t old_size, std::size_t size) {
  if (block + old_size != top_) return false;
  if (block + size > current_->end() && !extend(block + size)) return false;
  top_ = block + size;
  size_of(block) = size;
  now_.count(size, old_size);
  return true;
}

void* RegionAllocator::do_resize(void* pointer, std::size_t size) {
  if (size > kLimit) return nullptr;
  const std::uintptr_t block = address_of(pointer);
  std::size_t old_size = 0;
  {
    Guard guard{lock_};
    old_size = checked_size(block);
    if (resize_last(block, old_size, rounded(size)) || size <= old_size) return pointer;
  }
  return move(pointer, old_size, size);
}

std::size_t RegionAllocator::do_usable_size(const void* block) const {
  return checked_size(address_of(block));
}

Allocator::Statistics RegionAllocator::do_statistics() const {
  Guard guard{lock_};
  Statistics copy = now_;
  const std::uintptr_t block = place(top_, kUnit);
  if (block < current_->end()) copy.largest_free = current_->end() - block;
  return copy;
}

Result<Owned<Allocator>> create_allocator() { return RegionAllocator::create(); }

}  // namespace atl
