// SPDX-License-Identifier: BSD-3-Clause
// Copyright (c) The Atoll authors
#include <atoll/boot_info.hpp>
#include <atoll/boot_pvh/entry.hpp>
#include <atoll/direct_map.hpp>
#include <atoll/page_table.hpp>
#include <atoll/vm_test.hpp>

#include <algorithm>
#include <array>

// The address space that the entry made, as the MMU sees it.
namespace {

using namespace atl;
using arch::Access;
using Mapping = PageTable::Mapping;

constexpr PageCount kHalf{std::uint64_t{1} << 35};
constexpr VirtAddr kUpperHalf{0xffff'8000'0000'0000};

PageTable table() {
  return PageTable{arch::Cpu::kernel_page_table(), {.reach = direct_map_base.value()}};
}

VM_TEST(AddressSpace, the_lower_half_is_empty) {
  VM_EXPECT(table().for_each(VirtAddr{0}, kHalf, [](VirtAddr, const Mapping&) { return false; }));
}

VM_TEST(AddressSpace, page_0_and_the_load_address_trap) {
  for (const std::uint64_t address :
       {std::uint64_t{0}, std::uint64_t{8}, std::uint64_t{0x10'0000}}) {
    auto* const at = VirtAddr{address}.as<volatile char>();
    VM_EXPECT_TRAP(kPageFault, static_cast<void>(*at));
    VM_EXPECT_TRAP(kPageFault, *at = 1);
  }
}

VM_TEST(AddressSpace, no_frame_is_writable_and_executable) {
  // Every executable leaf against every writable one.
  std::size_t executable = 0;
  table().for_each(kUpperHalf, kHalf, [&](VirtAddr, const Mapping& code) {
    if (code.access != Access::kReadExecute) return true;
    ++executable;
    const PhysRange frames{code.frame, code.block_size};
    const bool clean = table().for_each(kUpperHalf, kHalf, [&](VirtAddr, const Mapping& other) {
      return other.access != Access::kReadWrite ||
             !frames.overlaps({other.frame, other.block_size});
    });
    VM_EXPECT(clean);
    return clean;
  });
  VM_EXPECT_GT(executable, 0u);
}

VM_TEST(AddressSpace, the_direct_map_is_never_executable) {
  const MemoryRegion& last = *std::max_element(
      boot_info().memory().begin(), boot_info().memory().end(),
      [](const MemoryRegion& a, const MemoryRegion& b) { return a.range.start < b.range.start; });
  VM_EXPECT(table().for_each(
      direct_map_base, PageCount::holding(last.range.end().value()),
      [](VirtAddr, const Mapping& mapping) { return mapping.access != Access::kReadExecute; }));
  // `ret`, in RAM that is not code.
  static constinit unsigned char code[] = {0xc3};
  const PhysAddr frame = boot_info().image.start + (VirtAddr::of(code) - boot_info().image_base);
  auto* const alias = to_virtual(frame).as<void()>();
  VM_EXPECT_TRAP(kPageFault, alias());
  auto* const here = VirtAddr::of(code).as<void()>();
  VM_EXPECT_TRAP(kPageFault, here());
}

VM_TEST(AddressSpace, code_and_constants_cannot_be_written) {
  const std::array<VirtAddr, 4> places{
      VirtAddr::of(boot_pvh::__image_start), VirtAddr::of(boot_pvh::__text_end) - 1,
      VirtAddr::of(boot_pvh::__rodata_start), VirtAddr::of(boot_pvh::__rodata_end) - 1};
  for (const VirtAddr at : places) {
    auto* const here = at.as<volatile char>();
    VM_EXPECT_TRAP(kPageFault, *here = 1);
    const PhysAddr frame = boot_info().image.start + (at - boot_info().image_base);
    auto* const alias = to_virtual(frame).as<volatile char>();
    VM_EXPECT_TRAP(kPageFault, *alias = 1);
    VM_EXPECT_EQ(*here, *alias);
  }
}

VM_TEST(AddressSpace, the_direct_map_covers_usable_memory) {
  for (const MemoryRegion& region : boot_info().memory()) {
    if (region.kind == MemoryKind::kReserved) continue;
    for (const PhysAddr at : {region.range.start, region.range.end() - 1}) {
      const auto mapping = table().lookup(to_virtual(at));
      VM_ASSERT(mapping.has_value());
      VM_EXPECT_EQ(mapping->frame, at);
    }
  }
}

VM_TEST(AddressSpace, the_loader_left_nothing_behind) {
  VM_EXPECT(boot_info().image_base.value() >= 0xffff'ffff'8000'0000);
  VM_EXPECT_EQ(VirtAddr::of(boot_pvh::__image_start), boot_info().image_base);
}

VM_TEST(AddressSpace, stacks_of_exceptions_lie_over_guard_pages) {
  // From the end of the image: guard, interrupt stack (2 pages), guard,
  // exceptions (2), guard, double fault (1), guard, non-maskable (1), guard.
  const VirtAddr end = boot_info().image_base + boot_info().image.size;
  for (const std::uint64_t page : {0ul, 3ul, 6ul, 8ul, 10ul}) {
    auto* const guard = VirtAddr{end + page * kPageSize + 8}.as<volatile char>();
    VM_EXPECT_TRAP(kStackOverflow, *guard = 1);
    VM_EXPECT(table().lookup(end + (page + 1) * kPageSize).has_value());
  }
}

}  // namespace
