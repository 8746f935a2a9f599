// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "address_space.hpp"

#include <atoll/arch/boot.hpp>
#include <atoll/arch/exception_stack.hpp>
#include <atoll/boot_info_entry.hpp>
#include <atoll/page_table.hpp>

#include <atoll/boot_arm64/image.hpp>
#include "boot_stack.hpp"

namespace atl::boot_arm64 {
namespace {

PageCount pages_of(std::uint64_t bytes) { return PageCount{bytes >> kPageShift}; }

// Pages of zeros for tables, one after the other.
struct TableRoom {
  PhysAddr next;
  PhysAddr last;

  static PhysAddr take(void* context) {
    auto& room = *static_cast<TableRoom*>(context);
    if (room.next == room.last) return PhysAddr{};
    const PhysAddr page = room.next;
    room.next += kPageSize;
    atoll_arm64_clear(page.value(), room.next.value());
    return page;
  }
};

/// Maps at one place after the other, and keeps the first error.
class Mapper {
 public:
  explicit Mapper(TableRoom& room)
      : table_(TableRoom::take(&room),
               {.reach = 0, .allocate = TableRoom::take, .context = &room, .largest_block = 2}) {}

  void map(VirtAddr at, PhysAddr from, PhysAddr to, arch::Access access,
           arch::Memory memory = arch::Memory::kNormal) {
    if (from >= to || error_ != Errc{}) return;
    error_ = table_.map(at, from, pages_of(to - from), access, memory).error();
  }
  void guard(VirtAddr page) {
    if (error_ == Errc{}) error_ = table_.unmap(page, PageCount{1}).error();
    if (error_ == Errc{}) error_ = table_.mark(page, arch::kGuardNote).error();
  }

  [[nodiscard]] PhysAddr root() const { return table_.root(); }
  [[nodiscard]] Errc error() const { return error_; }

 private:
  PageTable table_;
  Errc error_{};
};

// Before the jump the image lies where its symbols say.
PhysAddr physical(const void* symbol) { return PhysAddr{VirtAddr::of(symbol).value()}; }

void map_image(Mapper& mapper, VirtAddr base) {
  const PhysAddr start = physical(__image_start);
  const auto at = [&](const void* symbol) { return base + (physical(symbol) - start); };
  mapper.map(base, start, physical(__text_end), arch::Access::kReadExecute);
  mapper.map(at(__rodata_start), physical(__rodata_start), physical(__rodata_end),
             arch::Access::kReadOnly);
  mapper.map(at(__data_start), physical(__data_start), physical(__boot_tables_start),
             arch::Access::kReadWrite);
  for (const arch::ExceptionStack& stack : arch::exception_stacks) {
    mapper.guard(at(stack.guard.data()));
  }
  mapper.guard(at(boot_stack.guard.data()));
}

// RAM, and in it code and constants of the image only to be read.
void map_ram(Mapper& mapper, VirtAddr base, const BootInfo& info) {
  const PhysAddr start = physical(__image_start);
  boot_entry::each_ram(info, {start, physical(__rodata_end) - start},
                       [&](PhysAddr first, PhysAddr last, bool constant) {
                         mapper.map(base + first.value(), first, last,
                                    constant ? arch::Access::kReadOnly : arch::Access::kReadWrite);
                       });
}

}  // namespace

Result<KernelTables> build_tables(const KernelLayout& layout, const BootInfo& info, PhysAddr uart,
                                  PhysAddr first, PhysAddr last) {
  TableRoom room{first, last};
  Mapper mapper{room};
  map_image(mapper, layout.image);
  map_ram(mapper, layout.direct_map, info);
  if (uart != PhysAddr{}) {
    const PhysAddr page = uart.align_down(kPageSize);
    mapper.map(uart_page(layout, info.image.size), page, page + kPageSize, arch::Access::kReadWrite,
               arch::Memory::kDevice);
  }
  if (mapper.error() != Errc{}) return fail(mapper.error());
  return KernelTables{mapper.root(), room.next};
}

}  // namespace atl::boot_arm64
