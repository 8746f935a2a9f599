// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include "boot_pages.hpp"

#include <atoll/arch/cpuid.hpp>
#include <atoll/boot_info_entry.hpp>
#include <atoll/boot_pvh/address_space.hpp>
#include <atoll/boot_pvh/entry.hpp>
#include <atoll/config/boot_pvh.hpp>
#include <atoll/page_table.hpp>
#include <cstddef>

#pragma GCC visibility push(hidden)
extern "C" {
extern std::byte atoll_pvh_entry_pages[];
extern std::byte atoll_pvh_first_tables[];
extern std::byte atoll_pvh_first_tables_end[];
}
#pragma GCC visibility pop

namespace atl::boot_pvh {

namespace {

using arch::Access;

constexpr std::uint64_t kImageSpace = 0xffff'ffff'8000'0000;
constexpr std::uint64_t kImageSpaceSize = 0x8000'0000;
constexpr std::uint64_t kDirectMapSpace = 0xffff'8000'0000'0000;
constexpr std::uint64_t kDirectMapSpaceSize = 0x4000'0000'0000;
constexpr std::uint64_t kGibibyte = 1 << 30;
/// What one table of pages covers.
constexpr std::uint64_t kTableSpan = 2 << 20;

constexpr PageCount kBootStackPages = PageCount::holding(config::boot_pvh::kStackKib * 1024);
using arch::kExceptionStackPages;
using arch::kInterruptStackPages;
constexpr PageCount kGuard{1};
constexpr PageCount kStackPages = kGuard + kInterruptStackPages + kGuard + kExceptionStackPages +
                                  kGuard + PageCount{1} + kGuard + PageCount{1} + kGuard +
                                  kBootStackPages + kGuard;

// Before the jump the image lies where its symbols say.
PhysAddr physical(const std::byte* symbol) { return PhysAddr{VirtAddr::of(symbol).value()}; }

/// The image and its stacks fit into one table where they can, so that a boot
/// never takes more memory for bad luck.
VirtAddr choose_image_base(std::uint64_t entropy, std::uint64_t bytes) {
  if (!config::boot_pvh::kRandomBase) return kLinkAddress;
  if (bytes <= kTableSpan) {
    // The last span stays free: arithmetic on addresses in it would wrap.
    constexpr std::uint64_t kSpans = kImageSpaceSize / kTableSpan - 1;
    const std::uint64_t span = (entropy & 0xffff'ffff) % kSpans;
    const std::uint64_t page = (entropy >> 32) % ((kTableSpan - bytes) / kPageSize + 1);
    return VirtAddr{kImageSpace + span * kTableSpan + page * kPageSize};
  }
  const std::uint64_t pages = (kImageSpaceSize - kTableSpan - bytes) / kPageSize;
  return VirtAddr{kImageSpace + (entropy % pages) * kPageSize};
}

VirtAddr choose_direct_map(std::uint64_t entropy, const BootInfo& info) {
  if (!config::boot_pvh::kRandomBase) return VirtAddr{kDirectMapSpace};
  std::uint64_t highest = 0;
  for (const MemoryRegion& region : info.memory()) {
    if (region.kind == MemoryKind::kReserved) continue;
    if (region.range.end().value() > highest) highest = region.range.end().value();
  }
  if (highest >= kDirectMapSpaceSize) return VirtAddr{kDirectMapSpace};
  return VirtAddr{kDirectMapSpace +
                  (entropy % ((kDirectMapSpaceSize - highest) / kGibibyte)) * kGibibyte};
}

/// Fills the tables; the first error stays.
class Builder {
 public:
  Builder(PhysAddr root, BootPages& pages)
      : table_(root,
               {.reach = 0,
                .allocate = [](void* from) { return static_cast<BootPages*>(from)->take_zeroed(); },
                .context = &pages,
                .largest_block = arch::feature::kGibibytePages.present() ? 2u : 1u}) {}

  void map(VirtAddr at, PhysAddr first, PhysAddr last, Access access) {
    if (first >= last || error_ != Errc{}) return;
    error_ = table_.map(at, first, PageCount{(last - first) >> kPageShift}, access).error();
  }

  /// A guard page at `at`, then `pages` of stack on `frames`; returns its end.
  VirtAddr stack(VirtAddr at, PhysAddr frames, PageCount pages) {
    if (error_ == Errc{}) error_ = table_.mark(at, arch::kGuardNote).error();
    map(at + kPageSize, frames, frames + pages.bytes(), Access::kReadWrite);
    return at + kPageSize + pages.bytes();
  }

  [[nodiscard]] bool ok() const { return error_ == Errc{}; }

 private:
  PageTable table_;
  Errc error_{};
};

void map_image(Builder& builder, VirtAddr base) {
  const PhysAddr start = physical(__image_start);
  const auto section = [&](const std::byte* first, const std::byte* last, Access access) {
    builder.map(base + (physical(first) - start), physical(first), physical(last), access);
  };
  section(__image_start, __text_end, Access::kReadExecute);
  section(__rodata_start, __rodata_end, Access::kReadOnly);
  section(__data_start, __bss_end, Access::kReadWrite);
}

/// From `at` on; the pages that the entry runs on become stacks of exceptions.
void map_stacks(Builder& builder, VirtAddr at, PhysAddr interrupt, PhysAddr boot,
                AddressSpace& space) {
  const PhysAddr spare = physical(atoll_pvh_entry_pages);
  arch::ExceptionStacks& stacks = space.exception_stacks;
  stacks.interrupt = builder.stack(at, interrupt, kInterruptStackPages);
  stacks.exception = builder.stack(stacks.interrupt, spare, kExceptionStackPages);
  stacks.double_fault = builder.stack(stacks.exception, spare + 2 * kPageSize, PageCount{1});
  stacks.non_maskable = builder.stack(stacks.double_fault, spare + 3 * kPageSize, PageCount{1});
  space.boot_stack_bottom = stacks.non_maskable + kPageSize;
  space.boot_stack_top = builder.stack(stacks.non_maskable, boot, kBootStackPages);
}

void map_ram(Builder& builder, VirtAddr base, const BootInfo& info) {
  const PhysAddr start = physical(__image_start);
  boot_entry::each_ram(info, {start, physical(__rodata_end) - start},
                       [&](PhysAddr first, PhysAddr last, bool constant) {
                         builder.map(base + first.value(), first, last,
                                     constant ? Access::kReadOnly : Access::kReadWrite);
                       });
}

bool is_usable(const BootInfo& info, PhysRange range) {
  for (const MemoryRegion& region : info.memory()) {
    if (region.kind == MemoryKind::kUsable && region.range.contains(range.start) &&
        range.end() <= region.range.end()) {
      return true;
    }
  }
  return false;
}

}  // namespace

const char* build_address_space(BootInfo& info, const BootEntropy& entropy, AddressSpace& space) {
  info.image = {physical(__image_start), physical(__image_end) - physical(__image_start)};
  if (!is_usable(info, info.image)) return "the image does not lie in usable memory";
  boot_entry::reserve(info, info.image);

  BootPages pages{info,
                  PhysAddr{window_limit()},
                  {physical(atoll_pvh_first_tables),
                   physical(atoll_pvh_first_tables_end) - physical(atoll_pvh_first_tables)}};
  const PhysAddr interrupt_stack = pages.take(kInterruptStackPages);
  const PhysAddr boot_stack = pages.take(kBootStackPages);
  space.root = pages.take_zeroed();
  if (boot_stack == PhysAddr{}) return "not enough memory for the stacks";

  space.image = choose_image_base(entropy.image, info.image.size + kStackPages.bytes());
  space.direct_map = choose_direct_map(entropy.direct_map, info);
  Builder builder{space.root, pages};
  map_image(builder, space.image);
  map_stacks(builder, space.image + info.image.size, interrupt_stack, boot_stack, space);
  map_ram(builder, space.direct_map, info);
  if (!builder.ok()) return "not enough memory for the page tables";

  boot_entry::reserve(info, pages.taken());
  info.image_base = space.image;
  return nullptr;
}

}  // namespace atl::boot_pvh
