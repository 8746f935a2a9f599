// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "kernel_table.hpp"

#include <atoll/assert.hpp>
#include <atoll/boot_info.hpp>
#include <atoll/vm.hpp>

namespace atl::vm {

namespace {

bool in_image(VirtAddr address) {
  const BootInfo& info = boot_info();
  return address >= info.image_base && address - info.image_base < info.image.size;
}

/// Calls `change(page, mapping)` for each page of [start, start + pages), which
/// are all mapped, until it gives an error.
template <typename Change>
Result<void> for_each_page(VirtAddr start, PageCount pages, Change change) {
  for (std::uint64_t i = 0; i < pages.count; ++i) {
    const VirtAddr page = start + i * kPageSize;
    TRY(change(page, *kernel_table().lookup(page)));
  }
  return {};
}

/// Whether the pages may become executable: kAccessDenied where not. Frames in a
/// row are asked about at once, since each question looks at every mapping.
Result<void> check_executable(const State& held, VirtAddr start, PageCount pages) {
  PhysRange row;
  const auto writable_elsewhere = [&] {
    return !row.empty() && mapped_elsewhere(held, row, Access::kReadWrite, start, pages);
  };
  TRY(for_each_page(start, pages,
                    [&](VirtAddr page, const PageTable::Mapping& mapping) -> Result<void> {
                      const PhysRange frame{mapping.frame, kPageSize};
                      const bool image_frame = boot_info().image.overlaps(frame);
                      if (mapping.memory == Memory::kDevice || (image_frame && !in_image(page))) {
                        return fail(Errc::kAccessDenied);
                      }
                      if (row.end() == mapping.frame) {
                        row.size += kPageSize;
                        return {};
                      }
                      if (writable_elsewhere()) return fail(Errc::kAccessDenied);
                      row = frame;
                      return {};
                    }));
  if (writable_elsewhere()) return fail(Errc::kAccessDenied);
  return {};
}

/// Makes every page of the range a leaf of its own, so that nothing later needs
/// memory. kBadAddress where one is not mapped.
Result<void> split_into_pages(VirtAddr start, PageCount pages) {
  PageTable table = kernel_table();
  for (std::uint64_t i = 0; i < pages.count; ++i) {
    const VirtAddr page = start + i * kPageSize;
    const auto mapping = table.lookup(page);
    if (!mapping) return fail(Errc::kBadAddress);
    if (mapping->block_size != kPageSize) {
      TRY(table.protect(page, PageCount{1}, mapping->access));
    }
  }
  return {};
}

/// Makes the direct map's alias of the pages writable again where no
/// executable mapping outside [start, start + pages) is left.
void restore_aliases(const State& held, VirtAddr start, PageCount pages) {
  static_cast<void>(
      for_each_page(start, pages, [&](VirtAddr, const PageTable::Mapping& mapping) -> Result<void> {
        if (!mapped_elsewhere(held, {mapping.frame, kPageSize}, Access::kReadExecute, start,
                              pages)) {
          // Without memory to split its block it stays read-only: less, never more.
          static_cast<void>(set_alias(mapping.frame, Access::kReadWrite));
        }
        return {};
      }));
}

void restore_alias_of_unmapped(State& held, PhysAddr frame, VirtAddr at) {
  if (mapped_elsewhere(held, {frame, kPageSize}, Access::kReadExecute, at, PageCount{1})) return;
  // It was split into pages when it lost this right.
  ATOLL_ASSERT(set_alias(frame, Access::kReadWrite).ok());
}

Result<void> make_executable(State& held, VirtAddr start, PageCount pages) {
  held.code_unmapped = &restore_alias_of_unmapped;
  TRY(check_executable(held, start, pages));
  std::uint64_t done = 0;
  auto result =
      for_each_page(start, pages, [&](VirtAddr, const PageTable::Mapping& mapping) -> Result<void> {
        TRY(set_alias(mapping.frame, Access::kReadOnly));
        ++done;
        return {};
      });
  if (result.ok()) result = kernel_table().protect(start, pages, Access::kReadExecute);
  if (!result.ok()) restore_aliases(held, start, PageCount{done});
  return result;
}

/// Whether the pages may become writable: kAccessDenied where their memory is
/// executable by another mapping, or constant in the direct map for the image's
/// sake.
Result<void> check_writable(const State& held, VirtAddr start, PageCount pages) {
  return for_each_page(
      start, pages, [&](VirtAddr, const PageTable::Mapping& mapping) -> Result<void> {
        const PhysRange frame{mapping.frame, kPageSize};
        const bool is_code = mapping.access == Access::kReadExecute;
        if (is_code ? mapped_elsewhere(held, frame, Access::kReadExecute, start, pages)
                    : !is_writable_ram_or_no_ram(frame)) {
          return fail(Errc::kAccessDenied);
        }
        return {};
      });
}

/// Makes the pages data; those that were code get their writable alias back.
/// They are leaves of their own, so that nothing here fails half-way.
Result<void> make_data(State& held, VirtAddr start, PageCount pages, Access access) {
  if (access == Access::kReadWrite) TRY(check_writable(held, start, pages));
  for (std::uint64_t i = 0; i < pages.count; ++i) {
    const VirtAddr page = start + i * kPageSize;
    const bool was_code = kernel_table().lookup(page)->access == Access::kReadExecute;
    TRY(kernel_table().protect(page, PageCount{1}, access));
    if (was_code) {
      forget_translations(page, PageCount{1});
      restore_aliases(held, page, PageCount{1});
    }
  }
  return {};
}

}  // namespace

Result<void> protect(VirtAddr start, PageCount pages, Access access) {
  return state.with([&](State& held) -> Result<void> {
    const bool ours = start >= held.ranges.start() && start < held.ranges.top();
    if (!start.is_aligned(kPageSize) || (!ours && !in_image(start))) {
      return fail(Errc::kBadAddress);
    }
    const std::uint64_t room =
        ours ? held.ranges.top() - start : boot_info().image_base + boot_info().image.size - start;
    if (pages.count > room >> kPageShift) return fail(Errc::kBadAddress);
    TRY(split_into_pages(start, pages));
    TRY(access == Access::kReadExecute ? make_executable(held, start, pages)
                                       : make_data(held, start, pages, access));
    forget_translations(start, pages);
    return {};
  });
}

}  // namespace atl::vm
