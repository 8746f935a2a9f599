// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors

// What mimalloc takes an operating system for: src/port.h.
#include <atoll/assert.hpp>
#include <atoll/lock.hpp>

#include "address_space.hpp"
#include "port.h"

namespace atl::mimalloc {
namespace {

/// All address spaces, by their addresses: mimalloc names one by any of its own.
using Spaces = Tree<AddressSpace, &AddressSpace::hook, AddressSpace::Before>;
constinit Locked<Spaces, SpinLock> spaces;

AddressSpace& space_of(Spaces& all, VirtAddr address) { return *all.upper_bound(address); }

}  // namespace
}  // namespace atl::mimalloc

using namespace atl;
using mimalloc::AddressSpace;

void* atoll_mi_os_reserve(std::size_t size, std::size_t alignment, bool commit,
                          std::size_t* reserved) {
  const auto made = AddressSpace::create(size, alignment);
  if (!made.ok()) return nullptr;
  AddressSpace& space = *made.value();
  // Its beginning always: mimalloc does not give back what has none.
  const auto came = space.commit(space.start(), commit ? size : AddressSpace::kChunkBytes);
  if (!came.ok()) {
    AddressSpace::destroy(space);
    return nullptr;
  }
  *reserved += space.own_bytes() + came.value();
  mimalloc::spaces.with([&](auto& all) { all.insert(space); });
  return space.start().as();
}

void atoll_mi_os_release(void* start, std::size_t* reserved) {
  AddressSpace& space = mimalloc::spaces.with([&](auto& all) -> AddressSpace& {
    AddressSpace& found = mimalloc::space_of(all, VirtAddr::of(start));
    all.remove(found);
    return found;
  });
  *reserved -= AddressSpace::destroy(space);
}

bool atoll_mi_os_commit(void* start, std::size_t size, std::size_t* reserved) {
  const VirtAddr first = VirtAddr::of(start);
  AddressSpace& space = mimalloc::spaces.with(
      [&](auto& all) -> AddressSpace& { return mimalloc::space_of(all, first); });
  const auto came = space.commit(first, size);
  if (came.ok()) *reserved += came.value();
  return came.ok();
}

void atoll_mi_os_decommit(void* start, std::size_t size, std::size_t* reserved) {
  const VirtAddr first = VirtAddr::of(start);
  AddressSpace& space = mimalloc::spaces.with(
      [&](auto& all) -> AddressSpace& { return mimalloc::space_of(all, first); });
  *reserved -= space.decommit(first, size);
}

void atoll_mi_misused() {
  const bool block_of_this_allocator_freed_once = false;
  ATOLL_ASSERT(block_of_this_allocator_freed_once);
  __builtin_unreachable();
}
