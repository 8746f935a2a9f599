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

/// Contiguous where that is to be had, else page by page.
Result<void> map_frames(State& held, VirtAddr start, PageCount pages) {
  const PageCount most = page_alloc::statistics().largest_free >= pages ? pages : PageCount{1};
  for (std::uint64_t i = 0; i < pages.count; i += most.count) {
    const PhysAddr frame = TRY(page_alloc::allocate(most));
    const auto done =
        map_locked(held, start + i * kPageSize, frame, most, Access::kReadWrite, Memory::kNormal);
    if (!done.ok()) {
      page_alloc::free(frame, most);
      return fail(done.error());
    }
  }
  return {};
}

}  // namespace

Result<Stack> allocate_stack(std::size_t bytes) {
  if (bytes == 0) return fail(Errc::kInvalidArgument);
  if (bytes > ~std::size_t{0} - kPageSize) return fail(Errc::kNoMemory);
  const PageCount pages = PageCount::holding(bytes);
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
