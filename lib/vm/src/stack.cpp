// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "kernel_table.hpp"

#include <array>
#include <atoll/page_alloc.hpp>
#include <atoll/vm.hpp>
#include <span>

namespace atl::vm {

namespace {

/// Frames in a row, to be freed once nobody can reach them any more.
struct Row {
  PhysAddr first;
  PageCount pages;
};

/// Unmaps what is mapped in [start, end), until there are more rows than
/// room; where it stopped.
VirtAddr unmap_rows(State& held, VirtAddr start, VirtAddr end, std::span<Row> rows) {
  std::size_t count = 0;
  VirtAddr page = start;
  for (; page < end; page = page + kPageSize) {
    const auto mapping = kernel_table().lookup(page);
    if (!mapping) continue;
    Row* const last = count == 0 ? nullptr : &rows[count - 1];
    if (last != nullptr && last->first + last->pages.bytes() == mapping->frame) {
      ++last->pages.count;
    } else if (count < rows.size()) {
      rows[count++] = {mapping->frame, PageCount{1}};
    } else {
      break;
    }
  }
  unmap_locked(held, start, PageCount{(page - start) >> kPageShift});
  return page;
}

/// Unmaps what is mapped there and frees its frames.
void free_frames(State& held, VirtAddr start, PageCount pages) {
  const VirtAddr end = start + pages.bytes();
  while (start < end) {
    std::array<Row, 16> rows{};
    start = unmap_rows(held, start, end, rows);
    for (const Row& row : rows) {
      if (row.pages.count != 0) page_alloc::free(row.first, row.pages);
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
