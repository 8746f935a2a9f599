// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "tlsf_allocator.hpp"

#include <algorithm>
#include <atoll/assert.hpp>
#include <atoll/direct_map.hpp>
#include <bit>

namespace atl {
namespace {

using tlsf::Headers;
using tlsf::kUnit;
using tlsf::SizeClasses;

/// The most that may be asked for: half of what the lists know leaves room for
/// rounding and alignment.
constexpr std::size_t kLargest = tlsf::FreeLists::kLimit / 2;
/// What is allocated without a detour: sizes of which each is a class.
constexpr std::size_t kSmall = SizeClasses::kLinear - kUnit - Headers::kBytes;

std::uintptr_t address_of(const void* block) { return reinterpret_cast<std::uintptr_t>(block); }

/// The size of a block whose holder has `size` bytes of it.
[[gnu::always_inline]] constexpr std::size_t block_size(std::size_t size) {
  return SizeClasses::rounded(std::max(size + Headers::kBytes, Headers::kLeastBlock));
}

}  // namespace

// An image is compiled for size. What the short ways of do_allocate() and
// do_free() consist of is said to be part of them: it halves their cost.

/// The header of a block that somebody holds.
[[gnu::always_inline]] inline std::uint64_t TlsfAllocator::open_used(std::uintptr_t block) const {
  const std::uint64_t content = headers_.open(block);
  const bool block_in_use = Headers::is_used(content);
  ATOLL_ASSERT(block_in_use);
  return content;
}

/// Makes of `block`, which was free and left its list, one in use of at least
/// `size` bytes; what is too much is free again.
[[gnu::always_inline]] inline TlsfAllocator::Block TlsfAllocator::use(std::uintptr_t block,
                                                                      std::size_t size) {
  const std::uint64_t content = headers_.open(block);
  const bool free_block_intact = Headers::is_free(content);
  ATOLL_ASSERT(free_block_intact);
  const std::size_t whole = Headers::size_of(content);
  const std::size_t rest = whole - size;
  if (rest < Headers::kLeastBlock) {
    Headers::subtract(block, Headers::kFree);
    Headers::subtract(block + whole, Headers::kPreviousFree);
    return {block, whole};
  }
  Headers::subtract(block, rest + Headers::kFree);
  put(block + size, rest);
  return {block, size};
}

/// The first `size` bytes above top_, where there are so many.
[[gnu::always_inline]] inline TlsfAllocator::Block TlsfAllocator::use_top(std::size_t size) {
  const std::uintptr_t block = top_;
  Headers::add(block, size - Headers::kEnd);
  set_top(block + size);
  return {block, size};
}

/// A block in use of at least `size` bytes; start 0 without memory.
TlsfAllocator::Block TlsfAllocator::take(std::size_t size) {
  const std::uintptr_t block = lists_.take(size);
  if (block != 0) return use(block, size);
  if (size > end_ - top_ && !raise_end(size) && !add_region(size)) return {0, 0};
  return use_top(size);
}

/// Frees `block`, in use and with that header: joins it with its neighbours.
[[gnu::always_inline]] inline void TlsfAllocator::release(std::uintptr_t block,
                                                          std::uint64_t content) {
  std::size_t size = Headers::size_of(content);
  const std::uintptr_t behind = block + size;
  const std::uint64_t content_behind = headers_.open(behind);
  Headers::add(block, Headers::kFree);  // tells a second free, as long as nobody writes here
  if ((content & Headers::kPreviousFree) != 0) {
    const std::uintptr_t before = Headers::previous(block);
    const bool block_before_intact = headers_.open(before) == ((block - before) | Headers::kFree);
    ATOLL_ASSERT(block_before_intact);
    lists_.remove(before);
    Headers::add(before, size);
    size += block - before;
    block = before;
  }
  if (!Headers::is_used(content_behind)) {
    const bool header_behind_intact = Headers::intact(content_behind);
    ATOLL_ASSERT(header_behind_intact);
    if (behind == top_) {
      set_top(block);
      if (block < trim_below_) [[unlikely]]
        trim();
      return;
    }
    if ((content_behind & Headers::kFree) != 0) {
      lists_.remove(behind);
      Headers::add(block, Headers::size_of(content_behind));
      size += Headers::size_of(content_behind);
    }
    if (Headers::has(block + size, Headers::kEnd)) return enlist_last(block, size);
  }
  enlist(block, size);
}

/// Frees `size` bytes at `block`, a part of a block in use, which are behind some
/// in use.
void TlsfAllocator::free_part(std::uintptr_t block, std::size_t size) {
  headers_.set(block, size);
  release(block, size);
}

/// Frees what `block` has beyond `size` bytes; its header then.
std::uint64_t TlsfAllocator::shrink(std::uintptr_t block, std::uint64_t content, std::size_t size) {
  const std::size_t rest = Headers::size_of(content) - size;
  if (rest < Headers::kLeastBlock) return content;
  Headers::subtract(block, rest);
  free_part(block + size, rest);
  return content - rest;
}

/// Makes `block` reach to at least `size` bytes; its header then, the same where
/// what is behind it is in use or too little.
std::uint64_t TlsfAllocator::grow(std::uintptr_t block, std::uint64_t content, std::size_t size) {
  const std::uintptr_t behind = block + Headers::size_of(content);
  const std::uint64_t content_behind = headers_.open(behind);
  const bool header_behind_intact = Headers::intact(content_behind);
  ATOLL_ASSERT(header_behind_intact);
  const std::size_t more = size - Headers::size_of(content);
  if (behind == top_) {
    if (more > end_ - top_ && !raise_end(more)) return content;
    set_top(behind + more);
    Headers::add(block, more);
    return content + more;
  }
  const std::size_t free_behind = Headers::size_of(content_behind);
  if ((content_behind & Headers::kFree) == 0 || free_behind < more) return content;
  lists_.remove(behind);
  Headers::subtract(behind + free_behind, Headers::kPreviousFree);
  Headers::add(block, free_behind);
  return shrink(block, content + free_behind, size);
}

/// The part of `ample`, in use, that begins at a multiple of `alignment` and has
/// `size` bytes; the rest of it becomes free.
TlsfAllocator::Block TlsfAllocator::align(Block ample, std::size_t size, std::size_t alignment) {
  std::uintptr_t block = ample.start;
  if ((block & (alignment - 1)) != 0) {
    // What is before it must do for a block.
    block = align_up(block + Headers::kLeastBlock, alignment);
    headers_.set(block, ample.start + ample.size - block);
    free_part(ample.start, block - ample.start);
  }
  return {block, Headers::size_of(shrink(block, headers_.open(block), size))};
}

void* TlsfAllocator::do_allocate(std::size_t size, std::size_t alignment) {
  if (size > kSmall || alignment != kUnit) [[unlikely]]
    return allocate_any(size, alignment);
  {
    Guard guard{lock_};
    const std::size_t wanted = block_size(size);
    Block block{};
    if (const std::uintptr_t found = lists_.take_small(wanted); found != 0)
      block = use(found, wanted);
    else if (lists_.only_small() && wanted <= end_ - top_)
      block = use_top(wanted);
    if (block.start != 0) [[likely]] {
      now_.count(block.size, 0);
      return reinterpret_cast<void*>(block.start);
    }
  }
  return allocate_any(size, kUnit);
}

/// What do_allocate() has no short way for.
void* TlsfAllocator::allocate_any(std::size_t size, std::size_t alignment) {
  if (!std::has_single_bit(alignment) || alignment > kDirectMapAlignment || size > kLargest)
    return nullptr;
  const std::size_t wanted = block_size(size);
  const bool aligned = alignment > kUnit;
  Guard guard{lock_};
  Block block =
      take(aligned ? SizeClasses::rounded(wanted + Headers::kLeastBlock + alignment) : wanted);
  if (block.start == 0) return nullptr;
  if (aligned) block = align(block, wanted, alignment);
  now_.count(block.size, 0);
  return reinterpret_cast<void*>(block.start);
}

void TlsfAllocator::do_free(void* pointer) {
  const std::uintptr_t block = address_of(pointer);
  Guard guard{lock_};
  const std::uint64_t content = open_used(block);
  now_.in_use -= Headers::size_of(content);
  release(block, content);
}

void* TlsfAllocator::do_resize(void* pointer, std::size_t size) {
  if (size > kLargest) return nullptr;
  const std::uintptr_t block = address_of(pointer);
  std::size_t old_size = 0;
  {
    Guard guard{lock_};
    const std::uint64_t old_content = open_used(block);
    old_size = Headers::size_of(old_content);
    const std::size_t wanted = block_size(size);
    const std::uint64_t content =
        wanted <= old_size ? shrink(block, old_content, wanted) : grow(block, old_content, wanted);
    now_.count(Headers::size_of(content), old_size);
    if (Headers::size_of(content) >= wanted) return pointer;
  }
  return move(pointer, old_size - Headers::kBytes, size);
}

std::size_t TlsfAllocator::do_usable_size(const void* block) const {
  Guard guard{lock_};
  return Headers::size_of(open_used(address_of(block))) - Headers::kBytes;
}

Allocator::Statistics TlsfAllocator::do_statistics() const {
  Guard guard{lock_};
  Statistics copy = now_;
  const std::size_t in_top = SizeClasses::least_of(SizeClasses::index_of(end_ - top_));
  const std::size_t largest = std::max(lists_.largest(), in_top);
  if (largest >= Headers::kLeastBlock) copy.largest_free = largest - Headers::kBytes;
  return copy;
}

}  // namespace atl
