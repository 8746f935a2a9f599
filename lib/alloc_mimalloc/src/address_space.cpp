// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "address_space.hpp"

#include <algorithm>
#include <atoll/direct_map.hpp>
#include <atoll/page_alloc.hpp>
#include <atoll/vm.hpp>
#include <new>

namespace atl::mimalloc {

Result<AddressSpace*> AddressSpace::create(std::size_t bytes, std::size_t alignment) {
  // Of so much address space each part is there, aligned, within twice as much.
  if (bytes + alignment < bytes || bytes + alignment > std::size_t{1} << 45)
    return fail(Errc::kNoMemory);
  const PageCount own =
      PageCount::holding(sizeof(AddressSpace) + bytes / kChunkBytes * sizeof(std::uint32_t));
  const PhysAddr room = TRY(page_alloc::allocate(own));
  const PageCount pages = PageCount::holding(bytes + alignment);
  const auto reserved = vm::reserve(pages);
  if (!reserved.ok()) {
    page_alloc::free(room, own);
    return fail(reserved.error());
  }
  auto& space = *::new (to_virtual(room).as()) AddressSpace;
  space.reserved_ = reserved.value();
  space.reserved_pages_ = pages;
  space.own_pages_ = own;
  space.start_ = (space.reserved_ + (alignment - 1)).align_down(alignment);
  space.bytes_ = bytes;
  std::fill_n(space.frames(), bytes / kChunkBytes, 0u);
  return &space;
}

std::size_t AddressSpace::destroy(AddressSpace& space) {
  const std::size_t gone = space.decommit(space.start_, space.bytes_) + space.own_pages_.bytes();
  vm::release(space.reserved_, space.reserved_pages_);
  const PageCount own = space.own_pages_;
  space.~AddressSpace();
  page_alloc::free(to_physical(VirtAddr::of(&space)), own);
  return gone;
}

/// Memory behind `chunk`, which has none.
bool AddressSpace::fill(std::size_t chunk) {
  const auto frame = page_alloc::allocate(kChunkPages);
  if (!frame.ok()) return false;
  const std::uint64_t number = frame.value().value() / kPageSize;
  if (number >= kNew ||
      !vm::map(address_of(chunk), frame.value(), kChunkPages, vm::Access::kReadWrite).ok()) {
    page_alloc::free(frame.value(), kChunkPages);
    return false;
  }
  frames()[chunk] = static_cast<std::uint32_t>(number);
  return true;
}

/// None behind `chunk`, which has some.
void AddressSpace::empty(std::size_t chunk) {
  vm::unmap(address_of(chunk), kChunkPages);
  const std::uint64_t number = frames()[chunk] & ~kNew;
  page_alloc::free(PhysAddr{number * kPageSize}, kChunkPages);
  frames()[chunk] = 0;
}

Result<std::size_t> AddressSpace::commit(VirtAddr start, std::size_t bytes) {
  const std::size_t offset = start - start_;
  const std::size_t first = offset / kChunkBytes;
  const std::size_t end = (offset + bytes + kChunkBytes - 1) / kChunkBytes;
  std::size_t chunk = first;
  for (; chunk != end; ++chunk) {
    if (frames()[chunk] != 0) continue;
    if (!fill(chunk)) break;
    frames()[chunk] |= kNew;
  }
  std::size_t came = 0;
  const bool complete = chunk == end;
  while (chunk-- > first) {
    if ((frames()[chunk] & kNew) == 0) continue;
    came += kChunkBytes;
    if (complete)
      frames()[chunk] &= ~kNew;
    else
      empty(chunk);
  }
  if (!complete) return fail(Errc::kNoMemory);
  return came;
}

std::size_t AddressSpace::decommit(VirtAddr start, std::size_t bytes) {
  const std::size_t offset = start - start_;
  std::size_t gone = 0;
  for (std::size_t chunk = (offset + kChunkBytes - 1) / kChunkBytes;
       chunk < (offset + bytes) / kChunkBytes; ++chunk) {
    if (frames()[chunk] == 0) continue;
    empty(chunk);
    gone += kChunkBytes;
  }
  return gone;
}

}  // namespace atl::mimalloc
