// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "kernel_table.hpp"

#include <atoll/page_alloc.hpp>
#include <atoll/vm.hpp>

namespace atl::vm {

namespace {

/// Unmaps what is mapped there and frees its frames.
void free_frames(State& held, VirtAddr start, PageCount pages) {
  for (std::uint64_t i = 0; i < pages.count; ++i) {
    const VirtAddr page = start + i * kPageSize;
    if (const auto mapping = kernel_table().lookup(page)) {
      unmap_locked(held, page, PageCount{1});
      page_alloc::free(mapping->frame, PageCount{1});
    }
  }
}

/// Maps frames that were just allocated, or frees them.
Result<void> map_piece(State& held, VirtAddr start, PhysAddr frame, PageCount pages) {
  auto done = map_locked(held, start, frame, pages, Access::kReadWrite, Memory::kNormal);
  if (!done.ok()) page_alloc::free(frame, pages);
  return done;
}

/// In one piece where that is to be had, else page by page.
Result<void> map_frames(State& held, VirtAddr start, PageCount pages) {
  if (const auto frames = page_alloc::allocate(pages); frames.ok()) {
    return map_piece(held, start, frames.value(), pages);
  }
  for (std::uint64_t i = 0; i < pages.count; ++i) {
    const PhysAddr frame = TRY(page_alloc::allocate(PageCount{1}));
    TRY(map_piece(held, start + i * kPageSize, frame, PageCount{1}));
  }
  return {};
}

}  // namespace

Result<Stack> allocate_stack(std::size_t bytes) {
  if (bytes == 0) return fail(Errc::kInvalidArgument);
  if (bytes > ~std::size_t{0} - kPageSize) return fail(Errc::kNoMemory);
  const PageCount pages = PageCount::holding(bytes);
  // So that a size which is absurd takes no time, nor all memory for a while.
  if (page_alloc::statistics().free < pages) return fail(Errc::kNoMemory);
  return state.with([&](State& held) -> Result<Stack> {
    const VirtAddr start = TRY(reserve_locked(held, pages));
    const auto done = map_frames(held, start, pages);
    if (!done.ok()) {
      free_frames(held, start, pages);
      release_locked(held, start, pages);
      return fail(done.error());
    }
    return Stack{.bottom = start, .size = static_cast<std::size_t>(pages.bytes())};
  });
}

void free_stack(Stack stack) {
  const PageCount pages = PageCount::holding(stack.size);
  state.with([&](State& held) {
    free_frames(held, stack.bottom, pages);
    release_locked(held, stack.bottom, pages);
  });
}

}  // namespace atl::vm
